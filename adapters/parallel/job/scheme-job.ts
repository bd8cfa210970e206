import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import { maskDialect } from '../../../spec/mask/mask-dialect.js';
import { carriedState } from '../../../spec/operator/carried-state.js';
import { axesOf, hasLse, inputsOf, storedType, tokenInput } from '../../../spec/operator/facts.js';
import { shapeOfAxes } from '../../../spec/operator/layout.js';
import type { Positions } from '../../../spec/positions.js';
import { caseScalarsOf } from '../../../spec/scheme/case-scalars.js';
import type { SchemeLayout } from '../../../spec/scheme/volume.js';
import { unmetNeed, type World, worldOf } from '../../../spec/scheme/world.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import { type Tensor, type Tensors, tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Operator, Parallel } from '../../../spec/types/documents.js';
import { type Call, type Kernel, Unsupported } from '../../kernel.js';
import { ChunkAttention } from '../blocks/chunk-attention.js';
import { LocalAttention, type WholeProblem } from '../blocks/local-attention.js';
import { OperatorChunk } from '../blocks/operator-chunk.js';
import { putRows, takeRows } from '../collectives/shards.js';
import { withChannel } from '../collectives/slices.js';
import { joinParts, takeTokens } from '../collectives/token-shards.js';
import type { NamedParts, RankContext, RankResult, SchemeProgram, Shard } from '../program.js';
import { SimulatedWorld, type WorldOptions } from '../transports/simulated/world.js';
import type { JobResults } from '../transports/transport.js';
import { layoutFor } from './layout.js';
import { oneAtATime } from './one-at-a-time.js';
import { programNamed } from './program-named.js';
import { runRank } from './run-rank.js';

/** Job of a scheme: data that all ranks share. */
export interface SchemeJob {
  readonly program: SchemeProgram;
  readonly world: World;
  readonly whole: WholeProblem;
  readonly keys: readonly (readonly Positions[])[];
  readonly queries: readonly (readonly Positions[])[];
  /** Layout for gathering the ranks' results into whole tensors. */
  readonly home: SchemeLayout;
  readonly tensors: Tensors;
  readonly dsink: boolean;
}

/**
 * Builds the job of a call with `parallel`. Tensors are whole, in layout bhld.
 * @throws {Unsupported} if the scheme is unknown, has no backward pass, or has an unmet need.
 */
export function schemeJob(
  library: SpecLibrary,
  capabilities: Pick<FullCapabilities, 'gradients'>,
  call: Call,
  backward: boolean,
  programs?: readonly SchemeProgram[],
): SchemeJob {
  const { case: c, tensors } = call;
  const { scheme: name, ranks } = c.parallel as Parallel;
  const scheme = library.schemes.get(name);
  const program = programNamed(name, programs);
  if (!scheme || !program) throw new Unsupported(`there is no scheme ${name}`);
  const dsink = c.options.sink === true && capabilities.gradients.includes('sink');
  const world = worldOf(scheme, c.dims, ranks, dsink, caseScalarsOf(library, c), c.mask);
  if (backward && !scheme.directions.includes('backward')) throw new Unsupported(`${name} has no backward pass`);
  const unmet = program.refuses ? program.refuses(world, c.mask) : unmetNeed(world, c.mask);
  if (unmet !== undefined) throw new Unsupported(`${name} on ${ranks} ranks: ${unmet}`);
  const { b, hk, g, m, n } = c.dims;
  const mask = compileMask(library, c.mask, { b, heads: hk * g, m, n, ...maskDialect(c) });
  const whole: WholeProblem = {
    library,
    case: c,
    mask,
    ...(tensors.sink && { sink: tensors.sink }),
    ...(tensors.decay && { decay: tensors.decay }),
  };
  const layout = layoutFor(world, whole, program);
  return { program, world, whole, ...layout, home: program.putBack?.(layout, world) ?? layout, tensors, dsink };
}

/** Returns the context of one rank, without its communicator. */
export function rankContext(
  job: SchemeJob,
  rank: number,
  kernel: Pick<Kernel, 'forward' | 'backward'>,
  capabilities: FullCapabilities,
): Omit<RankContext, 'comm'> {
  return contextOf(job, rank, {
    attention: new LocalAttention(kernel, capabilities, job.whole),
    chunk: new ChunkAttention(kernel, capabilities, job.whole),
    operator: new OperatorChunk(kernel, capabilities, job.whole),
  });
}

/** Returns a context with any implementation of blocks and chunks. */
export function contextOf(
  job: SchemeJob,
  rank: number,
  computes: Pick<RankContext, 'attention' | 'chunk' | 'operator'>,
): Omit<RankContext, 'comm'> {
  const { whole, world, keys, queries, tensors, dsink } = job;
  const { dtype } = whole.case;
  const operator = operatorOf(job);
  const carries = carriedState(operator) !== undefined;
  return {
    ...computes,
    own: carries ? takeTokens(operator, tensors, keys[rank]) : { rows: 0, tensors: {} },
    whole,
    world,
    keys,
    queries,
    shard: carries ? noShard : shardOf(job, rank),
    accumulator: dtype === 'f64' ? 'f64' : 'f32',
    dtype,
    dsink,
    saved: {},
  };
}

const nothing = tensor('f32', [0]);
const noShard: Shard = { q: nothing, k: nothing, v: nothing };

function operatorOf({ whole }: Pick<SchemeJob, 'whole'>): Operator {
  return whole.library.operators.get(whole.case.operator) as Operator;
}

function shardOf({ keys, queries, tensors }: SchemeJob, rank: number): Shard {
  return {
    q: takeRows(tensors.q, queries[rank]),
    k: takeRows(tensors.k, keys[rank]),
    v: takeRows(tensors.v, keys[rank]),
    ...(tensors.score && { score: takeRows(withChannel(tensors.score), keys[rank]) }),
    ...(tensors.do && { do: takeRows(tensors.do, queries[rank]) }),
  };
}

function gather(job: SchemeJob, results: readonly RankResult[], backward: boolean): Tensors {
  const { keys, queries } = job.home;
  const { whole } = job;
  const parts = results.map((result) => (backward ? result.gradients?.parts : result.parts));
  if (parts.some((part) => part))
    return gatherNamed(
      job,
      parts.map((part) => part ?? {}),
    );
  const { dtype, dims } = whole.case;
  const { b, hk, g, m, n, d, e } = dims;
  const rows = (heads: number, l: number, width: number, of: (r: RankResult) => Float64Array, places: typeof keys): Float64Array => {
    const out = new Float64Array(b * heads * l * width);
    results.forEach((result, rank) => {
      putRows(out, b * heads, l, width, of(result), places[rank]);
    });
    return out;
  };
  if (!backward) {
    const merges = hasLse(whole.library.operators.get(whole.case.operator));
    const lseType = dtype === 'f64' ? 'f64' : 'f32';
    return {
      o: tensorOf(
        dtype,
        [b, hk * g, m, e],
        rows(hk * g, m, e, (r) => r.o, queries),
      ),
      ...(merges && {
        lse: tensorOf(
          lseType,
          [b, hk * g, m],
          rows(hk * g, m, 1, (r) => r.lse, queries),
        ),
      }),
    };
  }
  const gradient = (r: RankResult) => r.gradients as NonNullable<RankResult['gradients']>;
  const [first] = results;
  return {
    dq: tensorOf(
      dtype,
      [b, hk * g, m, d],
      rows(hk * g, m, d, (r) => gradient(r).dq, queries),
    ),
    dk: tensorOf(
      dtype,
      [b, hk, n, d],
      rows(hk, n, d, (r) => gradient(r).dk, keys),
    ),
    dv: tensorOf(
      dtype,
      [b, hk, n, e],
      rows(hk, n, e, (r) => gradient(r).dv, keys),
    ),
    ...(gradient(first).dsink && { dsink: tensorOf(dtype, [hk * g], gradient(first).dsink as Float64Array) }),
  };
}

function gatherNamed(job: SchemeJob, parts: readonly NamedParts[]): Tensors {
  const { case: c } = job.whole;
  const operator = operatorOf(job);
  const inputs = inputsOf(operator);
  const gathered: Tensors = {};
  for (const name of new Set(parts.flatMap(Object.keys))) {
    const shape = shapeOfAxes(axesOf(operator, name) as readonly string[], c);
    const gradientOf = Object.hasOwn(operator.outputs, name) ? undefined : inputs[name.slice(1)];
    const dtype = name === 'o' ? c.dtype : storedType(gradientOf ?? { stored: 'f32' }, c.dtype);
    gathered[name] = tensorOf(dtype, shape, joinParts(operator, name, shape, parts, job.home.keys));
  }
  return gathered;
}

/** Shards and gathers the queries or token inputs, for the check `round-trip`. */
function restoredTokens(job: SchemeJob): Tensor {
  const operator = operatorOf(job);
  if (carriedState(operator) === undefined) return restoredQueries(job);
  const name = tokenInput(operator);
  const whole = job.tensors[name];
  const parts = job.keys.map((places) => {
    const { [name]: part } = takeTokens(operator, { [name]: whole }, places).tensors;
    return { [name]: valuesOf(part) };
  });
  return tensorOf(whole.dtype, whole.shape, joinParts(operator, name, whole.shape, parts, job.home.keys));
}

function restoredQueries({ tensors: { q }, queries, home }: SchemeJob): Tensor {
  const [b, heads, m, d] = q.shape;
  const out = new Float64Array(b * heads * m * d);
  queries.forEach((places, rank) => {
    putRows(out, b * heads, m, d, valuesOf(takeRows(q, places)), home.queries[rank]);
  });
  return tensorOf(q.dtype, q.shape, out);
}

/**
 * Runs a scheme on the simulated transport.
 * @returns outputs or gradients, and by rank, f64 [ranks]: `sent` and `received` bytes in this
 * pass, and `area`, visible cells in the forward pass. `messages`, f64 [1], counts both passes.
 */
export async function simulateScheme(
  library: SpecLibrary,
  kernel: Pick<Kernel, 'forward' | 'backward'>,
  capabilities: FullCapabilities,
  call: Call,
  backward: boolean,
): Promise<Tensors> {
  return simulateJob(schemeJob(library, capabilities, call, backward), kernel, capabilities, backward, call.case.parallel as Parallel);
}

/** Runs a job on the simulated transport, with messages in the schedule's order. */
export async function simulateJob(
  job: SchemeJob,
  kernel: Pick<Kernel, 'forward' | 'backward'>,
  capabilities: FullCapabilities,
  backward: boolean,
  { schedule, fault }: WorldOptions,
): Promise<Tensors> {
  const { ranks } = job.world;
  const world = new SimulatedWorld(ranks, { schedule, fault });
  const inside = oneAtATime(kernel);
  const results = await world.run((comm) => runRank(job.program, { ...rankContext(job, comm.rank, inside, capabilities), comm }, backward));
  const { sent, received } = world.ledger.of(backward ? 'backward' : 'forward');
  return outputsOf(job, { results, sent, received, messages: world.messages }, backward);
}

/** Returns a call's outputs from the results of its ranks. */
export function outputsOf(job: SchemeJob, { results, sent, received, messages, nanoseconds }: JobResults, backward: boolean): Tensors {
  const { ranks } = job.world;
  const area = Float64Array.from(results, (r) => r.area);
  return {
    ...gather(job, results, backward),
    ...(!backward && { restored: restoredTokens(job) }),
    sent: tensor('f64', [ranks], sent),
    received: tensor('f64', [ranks], received),
    area: tensor('f64', [ranks], area),
    messages: tensor('f64', [1], Float64Array.of(messages)),
    ...(nanoseconds && { nanoseconds: tensor('f64', [ranks], nanoseconds) }),
  };
}
