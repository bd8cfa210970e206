import type { Positions } from '../../../spec/positions.js';
import { isShapeOnly, type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { type AttentionState, mergeInto, partialLike } from '../blocks/attention-state.js';
import type { HeadRange } from '../blocks/local-attention.js';
import { addInto, sumOfSinks, zerosLike } from '../collectives/all-reduce.js';
import { PendingSends } from '../collectives/pending-sends.js';
import type { Communicator } from '../communicator.js';
import type { RankContext, SchemeProgram } from '../program.js';

/**
 * Ring attention: keys and values go from rank to rank in P − 1 hops; each rank merges the partial
 * results of its queries over them.
 */
export function ringProgram(name: string): SchemeProgram {
  return {
    name,
    forward: (rank) => ringForward(rank, shareOf(rank)),
    async backward(rank, { o, lse }) {
      const { dq, dk, dv, dsink } = await ringBackward(rank, shareOf(rank), { o, lse, do: rank.shard.do as Tensor });
      return { dq, dk, dv, dsink: await sumOfSinks(rank, dsink) };
    },
  };
}

function shareOf({ comm, queries, keys, shard }: RankContext): RingShare {
  const { q, k, v } = shard;
  return { rings: [comm], queries: queries[comm.rank], keys, q, k, v };
}

export const programs: readonly SchemeProgram[] = [ringProgram('ring'), ringProgram('ring-zigzag'), ringProgram('ring-striped')];

/** Share of a rank in nested rings (outermost first): queries stay, keys and values go round. */
export interface RingShare {
  readonly rings: readonly Ring[];
  readonly queries: readonly Positions[];
  /** Positions of keys by index in the rings; the rank in the innermost ring varies fastest. */
  readonly keys: readonly (readonly Positions[])[];
  /** Heads of the share; default: all. */
  readonly heads?: HeadRange;
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
}

/** Global outputs of the share's queries, as stored, and their cotangent. */
export interface RingOutputs {
  readonly o: Tensor;
  readonly lse: Tensor;
  readonly do: Tensor;
}

/** Gradients of a share, in float64; dsink is from its own queries. */
export interface RingGradients {
  readonly dq: Float64Array;
  readonly dk: Float64Array;
  readonly dv: Float64Array;
  readonly dsink?: Float64Array;
}

/** Returns o and LSE of the share's queries over all keys. The sink counts with the rank's keys. */
export async function ringForward({ comm, attention }: RankContext, share: RingShare): Promise<AttentionState> {
  const { rings, queries, keys, heads, q } = share;
  const own = placeIn(rings);
  const result = partialLike(q, share.v.shape[3]);
  const merge = (partial: AttentionState | undefined): undefined => {
    if (partial) mergeInto(result, partial);
  };
  const ask = ([k, v]: readonly Tensor[], owner: number) => {
    const asked = attention.forward({ queries, keys: keys[owner], q, k, v, heads, sink: owner === own });
    return asked && comm.external(asked);
  };
  await aroundRings(rings, [share.k, share.v], ask, merge);
  return result;
}

/** Returns gradients of the share's queries, and of its keys and values from all queries. */
export async function ringBackward(
  { comm, attention, accumulator }: RankContext,
  share: RingShare,
  outputs: RingOutputs,
): Promise<RingGradients> {
  const { rings, queries, keys, heads, q } = share;
  const own = placeIn(rings);
  const dq = zerosLike(q);
  let dsink: Float64Array | undefined;
  const [dk, dv] = await gradientsAroundRings(rings, [share.k, share.v], accumulator, ([k, v], owner) => {
    const block = { queries, keys: keys[owner], q, k, v, heads, sink: owner === own };
    const asked = attention.backward(block, outputs.o, outputs.lse, outputs.do);
    return comm.external(asked).then((gradients) => {
      if (!gradients) return [zerosLike(k), zerosLike(v)];
      addInto(dq, gradients.dq);
      dsink ??= gradients.dsink;
      return [gradients.dk, gradients.dv];
    });
  });
  return { dq, dk, dv, dsink };
}

function placeIn(rings: readonly Ring[]): number {
  return rings.reduce((outer, { rank, size }) => outer * size + rank, 0);
}

const KEYS = 0;
const GRADIENTS = 1;

/** Methods of a communicator that a ring needs. */
export type Ring = Pick<Communicator, 'rank' | 'size' | 'isend' | 'irecv' | 'isendrecv'>;

/** Gradients of the keys and values of one owner, in float64. */
type KeyGradients = readonly [dk: Float64Array, dv: Float64Array];

/**
 * Visits the keys and values of every rank, the rank's own first, while the next ones are in
 * transit. Keys that arrive in the outer ring go once round the inner ring.
 * @param visit gets keys, values and their owner's index; returns undefined without work.
 * @param take gets the result of a visit.
 */
function aroundRings<T>(
  rings: readonly Ring[],
  kv: readonly Tensor[],
  visit: (kv: readonly Tensor[], owner: number) => Promise<T> | undefined,
  take: (visited: T) => undefined,
  outer = 0,
): Promise<void> | undefined {
  if (rings.length === 0) return visit(kv, outer)?.then(take);
  const [ring, ...inner] = rings;
  const ownerOf = (from: number) => outer * ring.size + from;
  if (inner.length === 0) return aroundRing(ring, kv, (held, from) => visit(held, ownerOf(from)), take);
  return aroundRing(
    ring,
    kv,
    (held, from) => aroundRings(inner, held, visit, take, ownerOf(from)),
    () => undefined,
  );
}

/**
 * Like `aroundRings`; sums of gradients follow the keys round the ring, in the accumulator dtype,
 * and return to the keys' owner.
 * @returns the gradients of the rank's keys and values.
 */
function gradientsAroundRings(
  rings: readonly Ring[],
  kv: readonly Tensor[],
  accumulator: 'f32' | 'f64',
  visit: (kv: readonly Tensor[], owner: number) => Promise<KeyGradients>,
  outer = 0,
): Promise<KeyGradients> {
  if (rings.length === 0) return visit(kv, outer);
  const [ring, ...inner] = rings;
  const visitInner = (held: readonly Tensor[], from: number) =>
    gradientsAroundRings(inner, held, accumulator, visit, outer * ring.size + from);
  return ring.size === 1 ? visitInner(kv, 0) : gradientsAroundRing(ring, kv, accumulator, visitInner);
}

async function gradientsAroundRing(
  ring: Ring,
  kv: readonly Tensor[],
  accumulator: 'f32' | 'f64',
  visit: (kv: readonly Tensor[], from: number) => Promise<KeyGradients>,
): Promise<KeyGradients> {
  const sends = new PendingSends();
  await aroundRing(ring, kv, visit, (terms, held, step) => {
    const send = (sums: readonly Tensor[]) => sends.add(ring.isend(next(ring), sums, GRADIENTS));
    // Sums of earlier ranks for these keys arrive after the keys.
    if (step > 0) return sumsOf(ring).then((sums) => send(withTerms(sums, terms)));
    send(terms.map((term, x) => tensorOf(accumulator, held[x].shape, term)));
    return undefined;
  });
  // The last hop returns the sums to the owner.
  const [dk, dv] = await sumsOf(ring);
  await sends.all();
  return [valuesOf(dk), valuesOf(dv)];
}

function sumsOf(ring: Ring): Promise<Tensor[]> {
  return ring.irecv(previous(ring), GRADIENTS);
}

/** Adds a term to each sum in float64, rounded to the accumulator dtype. */
function withTerms(sums: readonly Tensor[], terms: KeyGradients): readonly Tensor[] {
  if (sums.every(isShapeOnly)) return sums;
  return sums.map((sum, x) => {
    const total = valuesOf(sum);
    addInto(total, terms[x]);
    return tensorOf(sum.dtype, sum.shape, total);
  });
}

/** @param leave gets the result of a visit and its keys; returns undefined without work. */
async function aroundRing<T>(
  ring: Ring,
  kv: readonly Tensor[],
  visit: (kv: readonly Tensor[], from: number) => Promise<T> | undefined,
  leave: (visited: T, kv: readonly Tensor[], step: number) => Promise<void> | undefined,
): Promise<void> {
  let held = kv;
  for (let step = 0; step < ring.size; step++) {
    const coming = step < ring.size - 1 ? ring.isendrecv(next(ring), held, previous(ring), KEYS) : undefined;
    const visited = visit(held, (ring.rank - step + ring.size) % ring.size);
    // the visit first: if the message fails meanwhile, the job ends, and no code awaits it
    const left = visited && leave(await visited, held, step);
    if (left) await left;
    if (coming) held = await coming;
  }
}

const next = ({ rank, size }: Ring) => (rank + 1) % size;
const previous = ({ rank, size }: Ring) => (rank - 1 + size) % size;

/** Returns a ring of some ranks, in this order, without messages. This rank is one of them. */
export function ringOver(comm: Communicator, ranks: readonly number[]): Ring {
  return {
    rank: ranks.indexOf(comm.rank),
    size: ranks.length,
    isend: (to, tensors, tag) => comm.isend(ranks[to], tensors, tag),
    irecv: (from, tag) => comm.irecv(ranks[from], tag),
    isendrecv: (to, tensors, from, tag) => comm.isendrecv(ranks[to], tensors, ranks[from], tag),
  };
}
