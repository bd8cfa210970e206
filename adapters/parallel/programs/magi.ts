import { type Positions, placesOf, segmentsOf } from '../../../spec/scheme/positions.js';
import { type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { mergeInto, partialLike } from '../blocks/attention-state.js';
import { keysSeen } from '../blocks/visible-keys.js';
import { addInto, sumOfSinks, zerosLike } from '../collectives/all-reduce.js';
import { addRows, chooseRows } from '../collectives/chosen-rows.js';
import { PendingSends } from '../collectives/pending-sends.js';
import type { RankContext, SchemeProgram } from '../program.js';
import { chunkAreas, dispatch } from './magi-solver.js';

const KEYS = 0;
const GRADIENTS = 1;

/** Chunks are dispatched by the area of their queries; a key goes only to the ranks of which a query sees it, and its gradients come back from those. */
export const magi: SchemeProgram = {
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
      // only the own keys may be seen by nobody
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

/** Keys of one rank that this one sees. */
interface CastKeys {
  readonly owner: number;
  readonly places: readonly Positions[];
  readonly k: Tensor;
  readonly v: Tensor;
}

/** Sends each rank those of the own keys that it sees; visits the own keys, all of them, then what comes from the others. */
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

/** Adds what the ranks that saw the own keys send back, while what goes to others is under way. */
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

/** All other ranks, the next one first. */
function others({ rank, size }: RankContext['comm']): number[] {
  return Array.from({ length: size - 1 }, (_, x) => (rank + 1 + x) % size);
}

export const programs: readonly SchemeProgram[] = [magi];
