import { carriedState } from '../../../spec/operator/carried-state.js';
import { inputsOf, storedType } from '../../../spec/operator/facts.js';
import { shapeOfAxes } from '../../../spec/operator/layout.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import { shapeOnly, type Tensor, type Tensors } from '../../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import { CostAttention, type Device, type Merge } from '../blocks/cost-attention.js';
import { CostChunk, CostOperator } from '../blocks/cost-operator.js';
import type { RankContext, SchemeProgram, Shard } from '../program.js';
import { bytesOf } from '../transports/ledger.js';
import type { VirtualMachine } from '../transports/virtual/machine.js';
import type { VirtualRank } from '../transports/virtual/rank.js';
import { type Interval, withWaits } from '../transports/virtual/timeline.js';
import { VirtualWorld } from '../transports/virtual/world.js';
import { runRank } from './run-rank.js';
import { contextOf, schemeJob } from './scheme-job.js';

export type { Merge } from '../blocks/cost-attention.js';
export type { VirtualMachine } from '../transports/virtual/machine.js';
export type { Interval } from '../transports/virtual/timeline.js';

/** Case of a scheme to simulate on a virtual machine. */
export interface VirtualProblem {
  /** Case that names scheme and number of ranks in `parallel`. */
  readonly case: Case;
  readonly backward: boolean;
  readonly machine: VirtualMachine;
  /** Default: `fused`. */
  readonly merge?: Merge;
  readonly record?: boolean;
  readonly programs?: readonly SchemeProgram[];
}

interface VirtualRankRun {
  /** End of the pass, in seconds since the job began. */
  readonly end: number;
  /** Seconds in which the device computed; `waitSeconds`: in which it was idle. */
  readonly computeSeconds: number;
  readonly waitSeconds: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Visible cells that the rank computed, over heads and batch entries. */
  readonly area: number;
  /**
   * Peak bytes: inputs and outputs, plus the largest sum of held messages. Backward includes o and
   * LSE of the forward pass, and the cotangent; gradients and partial sums are in the accumulator
   * dtype. A message is held until the rank receives the next one of the same sender and tag, or
   * the next collective. Memory inside kernels is not counted.
   */
  readonly peakBytes: number;
}

/** Measurements of one pass on all ranks. */
export interface VirtualPass {
  /** Duration until the last rank ends the pass; backward, from the end of the forward pass. */
  readonly seconds: number;
  readonly ranks: readonly VirtualRankRun[];
  /** Bytes of all ranks, by class of link. */
  readonly bytesByLink: Readonly<Record<string, number>>;
}

export interface VirtualRun {
  readonly forward: VirtualPass;
  readonly backward?: VirtualPass;
  readonly timeline?: readonly Interval[];
  readonly messages: number;
}

/**
 * Runs a scheme's program with shape-only tensors on a virtual clock.
 * @throws {Unsupported} if the scheme is unknown, has no backward pass, or has an unmet need.
 * @throws {SchemeFailed} if ranks deadlock, or messages are left over.
 */
export async function simulateVirtual(
  library: SpecLibrary,
  { case: c, backward, machine, merge, record = false, programs }: VirtualProblem,
): Promise<VirtualRun> {
  const job = schemeJob(
    library,
    { gradients: ['q', 'k', 'v', 'sink'] },
    { case: c, tensors: shapesOf(library, c, backward) },
    backward,
    programs,
  );
  const world = new VirtualWorld(job.world.ranks, machine, record);
  const ends = await world.run(async (comm, rank) => {
    const device: Device = (flops, pass, answer, bytes) => rank.kernel(flops, pass, answer, bytes);
    const attention = new CostAttention(device, job.whole, merge, machine.blockRate);
    const chunk = new CostChunk(device);
    const operator = new CostOperator(device, job.whole);
    const context = { ...contextOf(job, comm.rank, { attention, chunk, operator }), comm };
    const { area } = await runRank(job.program, context, backward);
    return { context, forward: area, backward: attention.area };
  });
  const passOf = (pass: 'forward' | 'backward', before: number): VirtualPass => {
    const { sent, received } = world.ledger.of(pass);
    const ranks = world.ranks.map((rank, r) => {
      const { end, computeSeconds, heldBytes } = rank.phases.get(pass) as NonNullable<ReturnType<VirtualRank['phases']['get']>>;
      const begun = pass === 'forward' ? 0 : (rank.phases.get('forward')?.end as number);
      return {
        end,
        computeSeconds,
        // The sum of a thousand parts may exceed the whole by a rounding error.
        waitSeconds: Math.max(0, end - begun - computeSeconds),
        sentBytes: sent[r],
        receivedBytes: received[r],
        area: ends[r][pass],
        peakBytes: heldBytes + bytesOf(tensorsOfRank(ends[r].context, c, pass)),
      };
    });
    return {
      seconds: ranks.reduce((latest, { end }) => Math.max(latest, end), 0) - before,
      ranks,
      bytesByLink: Object.fromEntries(world.bytesByLink.get(pass) ?? []),
    };
  };
  const forward = passOf('forward', 0);
  const back = backward ? passOf('backward', forward.seconds) : undefined;
  const last = (back ?? forward).ranks.map(({ end }) => end);
  return {
    forward,
    ...(back && { backward: back }),
    ...(record && { timeline: withWaits(world.intervals, last) }),
    messages: world.messages,
  };
}

function shapesOf({ operators }: SpecLibrary, c: Case, backward: boolean): Tensors {
  const { operator, dims, dtype, options } = c;
  const document = operators.get(operator);
  if (document && carriedState(document)) return namedShapes(document, c, backward);
  const { b, hk, g, m, n, d, e } = dims;
  return {
    q: shapeOnly(dtype, [b, hk * g, m, d]),
    k: shapeOnly(dtype, [b, hk, n, d]),
    v: shapeOnly(dtype, [b, hk, n, e]),
    ...(operators.get(operator)?.inputs.score && { score: shapeOnly(dtype, [b, hk, n]) }),
    ...(options.sink === true && { sink: shapeOnly(dtype, [hk * g]) }),
    ...(options.decay === true && { decay: shapeOnly(dtype, [hk]) }),
    ...(backward && { do: shapeOnly(dtype, [b, hk * g, m, e]) }),
  };
}

function namedShapes(operator: Operator, c: Case, backward: boolean): Tensors {
  const inputs = Object.entries(inputsOf(operator)).filter(([name, { optional }]) => !optional || c.options[name] === true);
  const tensors = inputs.map(([name, facts]) => [name, shapeOnly(storedType(facts, c.dtype), shapeOfAxes(facts.axes, c))] as const);
  const outputs = backward ? Object.entries(operator.outputs) : [];
  const cotangents = outputs.map(([name, axes]) => [`d${name}`, shapeOnly(c.dtype, shapeOfAxes(axes, c))] as const);
  return Object.fromEntries([...tensors, ...cotangents]);
}

/** Returns the tensors that a rank holds in a pass, apart from received messages. */
function tensorsOfRank({ own, shard }: Pick<RankContext, 'own' | 'shard'>, c: Case, pass: 'forward' | 'backward'): Tensor[] {
  const named = Object.values(own.tensors);
  if (named.length === 0) return tensorsIn(shard, c, pass);
  const accumulator = c.dtype === 'f64' ? 'f64' : 'f32';
  return [...named, ...(pass === 'backward' ? named.map(({ shape }) => shapeOnly(accumulator, shape)) : [])];
}

function tensorsIn({ q, k, v }: Shard, { dims, dtype }: Case, pass: 'forward' | 'backward'): Tensor[] {
  const accumulator = dtype === 'f64' ? 'f64' : 'f32';
  const rows = q.shape.slice(0, 3);
  const o = [...rows, dims.e];
  const lse = shapeOnly(accumulator, rows);
  if (pass === 'forward') return [q, k, v, shapeOnly(accumulator, o), lse];
  const gradients = [q, k, v].map(({ shape }) => shapeOnly(accumulator, shape));
  return [q, k, v, shapeOnly(dtype, o), lse, shapeOnly(dtype, o), ...gradients];
}
