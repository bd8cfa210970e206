import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { runTotal } from '../../../spec/mask/compile/run-list.js';
import { type Positions, placesOf, segmentsOf } from '../../../spec/positions.js';
import { type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { mergeInto, partialLike } from '../blocks/attention-state.js';
import { keysSeen } from '../blocks/visible-keys.js';
import { addInto, sumOfSinks, zerosLike } from '../collectives/all-reduce.js';
import { addRows, chooseRows } from '../collectives/chosen-rows.js';
import { PendingSends } from '../collectives/pending-sends.js';
import type { RankContext, SchemeProgram } from '../program.js';

const KEYS = 0;
const GRADIENTS = 1;

/** MagiAttention: dispatches chunks by query area; sends keys only to ranks that see them. */
const magi: SchemeProgram = {
  name: 'magi',

  solve({ mask }, { ranks, padded, values }) {
    const chunk = values.get('chunk') as number;
    const dispatched = dispatch(chunkAreas(mask, chunk, padded / chunk), ranks);
    return dispatched.map((chunks) => segmentsOf(chunks.flatMap((x) => Array.from({ length: chunk }, (_, row) => x * chunk + row))));
  },

  async forward(rank) {
    const { comm, attention, queries, shard } = rank;
    const result = partialLike(shard.q, shard.v.shape[3]);
    await groupCast(rank, async ({ owner, places, k, v }) => {
      const block = { queries: queries[comm.rank], keys: places, q: shard.q, k, v, sink: owner === comm.rank };
      const partial = await comm.external(attention.forward(block));
      if (partial) mergeInto(result, partial);
    });
    return result;
  },

  async backward(rank, { o, lse }) {
    const { comm, attention, queries, shard, accumulator } = rank;
    const dq = zerosLike(shard.q);
    const [dk, dv] = [zerosLike(shard.k), zerosLike(shard.v)];
    let dsink: Float64Array | undefined;
    const sends = new PendingSends();
    await groupCast(rank, async ({ owner, places, k, v }) => {
      const own = owner === comm.rank;
      const gradients = await comm.external(
        attention.backward({ queries: queries[comm.rank], keys: places, q: shard.q, k, v, sink: own }, o, lse, shard.do as Tensor),
      );
      // Undefined only for this rank's keys: other ranks send only keys that are seen here.
      if (!gradients) return;
      addInto(dq, gradients.dq);
      if (own) {
        dsink = gradients.dsink;
        addInto(dk, gradients.dk);
        addInto(dv, gradients.dv);
      } else {
        const theirs = [tensorOf(accumulator, k.shape, gradients.dk), tensorOf(accumulator, v.shape, gradients.dv)];
        sends.add(comm.isend(owner, theirs, GRADIENTS));
      }
    });
    await groupReduce(rank, sends, dk, dv);
    await sends.all();
    return { dq, dk, dv, dsink: await sumOfSinks(rank, dsink) };
  },
};

/** Keys of one rank that this rank's queries see, or all of this rank's keys. */
interface CastKeys {
  readonly owner: number;
  readonly places: readonly Positions[];
  readonly k: Tensor;
  readonly v: Tensor;
}

/** Sends keys to the ranks that see them. Visits this rank's keys, then arriving keys. */
async function groupCast({ comm, whole, queries, keys, shard }: RankContext, visit: (cast: CastKeys) => Promise<void>): Promise<void> {
  const sends = new PendingSends();
  for (const to of others(comm)) {
    const seen = keysSeen(whole.mask, queries[to], keys[comm.rank]);
    if (seen.length > 0) sends.add(comm.isend(to, [chooseRows(shard.k, seen), chooseRows(shard.v, seen)], KEYS));
  }
  await visit({ owner: comm.rank, places: keys[comm.rank], k: shard.k, v: shard.v });
  for (const owner of others(comm)) {
    const seen = keysSeen(whole.mask, queries[comm.rank], keys[owner]);
    if (seen.length === 0) continue;
    const [k, v] = await sends.during(comm.irecv(owner, KEYS));
    const all = placesOf(keys[owner]);
    await visit({ owner, places: segmentsOf(seen.map((key) => all[key])), k, v });
  }
  await sends.all();
}

async function groupReduce(
  { comm, whole, queries, keys, shard }: RankContext,
  sends: PendingSends,
  dk: Float64Array,
  dv: Float64Array,
): Promise<void> {
  const [, , rows, d] = shard.k.shape;
  const e = shard.v.shape[3];
  for (const from of others(comm)) {
    const seen = keysSeen(whole.mask, queries[from], keys[comm.rank]);
    if (seen.length === 0) continue;
    const [dkSeen, dvSeen] = await sends.during(comm.irecv(from, GRADIENTS));
    addRows(dk, valuesOf(dkSeen), seen, rows, d);
    addRows(dv, valuesOf(dvSeen), seen, rows, e);
  }
}

/** Returns all other ranks, the next one first. */
function others({ rank, size }: RankContext['comm']): number[] {
  return Array.from({ length: size - 1 }, (_, x) => (rank + 1 + x) % size);
}

export const programs: readonly SchemeProgram[] = [magi];

/** Returns the visible cells of each chunk of queries, over heads and batch entries. */
export function chunkAreas(mask: CompiledMask, chunk: number, chunks: number): Float64Array {
  const areas = new Float64Array(chunks);
  const runs = new Int32Array(mask.n + 2);
  const batches = mask.perBatch ? mask.b : 1;
  const heads = mask.perHead ? mask.heads : 1;
  const weight = (mask.b / batches) * (mask.heads / heads);
  for (let b = 0; b < batches; b++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < mask.m; i++) areas[Math.floor(i / chunk)] += weight * runTotal(runs, mask.runs(b, h, i, runs));
    }
  }
  return areas;
}

/**
 * Gives each rank equally many chunks with similar areas. Deals chunks by area, the largest first,
 * in rounds of one chunk per rank, larger chunks to ranks with less area; contiguous chunks win
 * ties. Bound: the lead of a rank over another never exceeds the largest difference within a round,
 * since a round turns a lead D into |D − δ| ≤ max(D, δ), where δ ≥ 0 is the difference of their
 * chunks in the round. Hence the largest area of a rank is at most the mean plus (P − 1)/P of that
 * difference, and at most 2 − 1/P times the minimum.
 * @param areas areas of the chunks; their number is a multiple of `ranks`.
 * @returns the chunks of each rank, ascending.
 */
export function dispatch(areas: ArrayLike<number>, ranks: number): number[][] {
  const perRank = areas.length / ranks;
  const contiguous = Array.from({ length: ranks }, (_, rank) => Array.from({ length: perRank }, (_, x) => rank * perRank + x));
  const dealt = deal(areas, ranks);
  return largestOf(contiguous, areas) <= largestOf(dealt, areas) ? contiguous : dealt;
}

function deal(areas: ArrayLike<number>, ranks: number): number[][] {
  const bySize = Array.from(areas, (_, chunk) => chunk).sort((x, y) => areas[y] - areas[x] || x - y);
  const hands = Array.from({ length: ranks }, () => ({ chunks: [] as number[], area: 0 }));
  for (let at = 0; at < bySize.length; at += ranks) {
    const poorestFirst = [...hands].sort((x, y) => x.area - y.area);
    poorestFirst.forEach((hand, x) => {
      hand.chunks.push(bySize[at + x]);
      hand.area += areas[bySize[at + x]];
    });
  }
  return hands.map(({ chunks }) => chunks.sort((x, y) => x - y));
}

function largestOf(dispatched: readonly (readonly number[])[], areas: ArrayLike<number>): number {
  return Math.max(...dispatched.map((chunks) => chunks.reduce((sum, chunk) => sum + areas[chunk], 0)));
}
