import type { SpecLibrary } from '../../../spec/library.js';
import { shapeOnly, type Tensor, type Tensors } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import { CostAttention, type Device } from '../blocks/cost-attention.js';
import { CostChunk } from '../blocks/cost-chunk.js';
import type { SchemeProgram, Shard } from '../program.js';
import { bytesOf } from '../transports/ledger.js';
import type { VirtualMachine } from '../transports/virtual/machine.js';
import type { VirtualRank } from '../transports/virtual/rank.js';
import { type Interval, withWaits } from '../transports/virtual/timeline.js';
import { VirtualWorld } from '../transports/virtual/world.js';
import { runRank } from './run-rank.js';
import { contextOf, schemeJob } from './scheme-job.js';

export type { VirtualMachine } from '../transports/virtual/machine.js';
export type { Interval } from '../transports/virtual/timeline.js';

/** What is asked of a scheme on a machine that need not exist. */
export interface VirtualProblem {
  /** Its `parallel` names the scheme and the ranks. */
  readonly case: Case;
  readonly backward: boolean;
  readonly machine: VirtualMachine;
  /** Keeps the timeline. */
  readonly record?: boolean;
  /** Programs beside ours. */
  readonly programs?: readonly SchemeProgram[];
}

/** One rank in one pass. */
interface VirtualRankRun {
  /** When it came to the end of the pass, in seconds since the job began. */
  readonly end: number;
  /** Of the pass: its device computed, or was idle until the rank's end of the pass. */
  readonly computeSeconds: number;
  readonly waitSeconds: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Visible cells that it computed, over heads and batch entries. */
  readonly area: number;
  /**
   * Its inputs and outputs (backward: also the o and LSE of the forward pass, and the cotangent; gradients and partial sums in the accumulator's
   * type) and the largest sum of messages that it held: from the arrival of one until the rank receives the next of the same sender with the same
   * tag, or in the next collective. What a kernel needs inside is not known.
   */
  readonly peakBytes: number;
}

/** One pass on all ranks. */
export interface VirtualPass {
  /** Forward until the last rank is at its end; backward from there: a job takes the sum. */
  readonly seconds: number;
  readonly ranks: readonly VirtualRankRun[];
  /** Bytes of all ranks, by class of link. */
  readonly bytesByLink: Readonly<Record<string, number>>;
}

export interface VirtualRun {
  readonly forward: VirtualPass;
  readonly backward?: VirtualPass;
  readonly timeline?: readonly Interval[];
  /** In both passes. */
  readonly messages: number;
}

/**
 * Runs a scheme's program with shapes in place of numbers, on a virtual clock.
 * @throws {Unsupported} where the scheme is not known, has no backward pass, or its needs are not met, with its own words.
 * @throws {SchemeFailed} where ranks wait for messages that nobody sends, or messages are left over.
 */
export async function simulateVirtual(
  library: SpecLibrary,
  { case: c, backward, machine, record = false, programs }: VirtualProblem,
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
    const attention = new CostAttention(device, job.whole);
    const chunk = new CostChunk(device);
    const context = { ...contextOf(job, comm.rank, attention, chunk), comm };
    const { area } = await runRank(job.program, context, backward);
    return { shard: context.shard, forward: area, backward: attention.area };
  });
  const passOf = (pass: 'forward' | 'backward', before: number): VirtualPass => {
    const { sent, received } = world.ledger.of(pass);
    const ranks = world.ranks.map((rank, r) => {
      const { end, computeSeconds, heldBytes } = rank.phases.get(pass) as NonNullable<ReturnType<VirtualRank['phases']['get']>>;
      const begun = pass === 'forward' ? 0 : (rank.phases.get('forward')?.end as number);
      return {
        end,
        computeSeconds,
        // the sum of a thousand pieces may come out a hair above the whole
        waitSeconds: Math.max(0, end - begun - computeSeconds),
        sentBytes: sent[r],
        receivedBytes: received[r],
        area: ends[r][pass],
        peakBytes: heldBytes + bytesOf(tensorsIn(ends[r].shard, c, pass)),
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

/** The inputs of a case, as shapes alone. */
function shapesOf({ operators }: SpecLibrary, { operator, dims, dtype, options }: Case, backward: boolean): Tensors {
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

/** What a rank has in a pass, beside what it is sent. */
function tensorsIn({ q, k, v }: Shard, { dims, dtype }: Case, pass: 'forward' | 'backward'): Tensor[] {
  const accumulator = dtype === 'f64' ? 'f64' : 'f32';
  const rows = q.shape.slice(0, 3);
  const o = [...rows, dims.e];
  const lse = shapeOnly(accumulator, rows);
  if (pass === 'forward') return [q, k, v, shapeOnly(accumulator, o), lse];
  const gradients = [q, k, v].map(({ shape }) => shapeOnly(accumulator, shape));
  return [q, k, v, shapeOnly(dtype, o), lse, shapeOnly(dtype, o), ...gradients];
}
