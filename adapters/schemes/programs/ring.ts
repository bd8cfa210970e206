import { tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { emptyPartial, mergeInto } from '../partial.js';
import type { RankContext, SchemeProgram } from '../program.js';
import { addInto, sumOfSinks, zerosLike } from '../sums.js';

const KEYS = 0;
const GRADIENTS = 1;

/** Keys and values pass from rank to rank, P − 1 hops; each rank merges what its queries see of them. The layout is the document's. */
export function ringProgram(name: string): SchemeProgram {
  return { name, forward, backward };
}

async function forward(rank: RankContext) {
  const { comm, attention, queries, keys, shard } = rank;
  const rows = shard.q.shape[0] * shard.q.shape[1] * shard.q.shape[2];
  const result = emptyPartial(rows, shard.v.shape[3]);
  await aroundTheRing(rank, async ([k, v], owner) => {
    const partial = await comm.external(
      attention.forward({ queries: queries[comm.rank], keys: keys[owner], q: shard.q, k, v, sink: owner === comm.rank }),
    );
    if (partial) mergeInto(result, partial);
  });
  return result;
}

const backward: SchemeProgram['backward'] = async (rank, { o, lse }) => {
  const { comm, attention, queries, keys, shard, accumulator } = rank;
  const dq = zerosLike(shard.q);
  let dsink: Float64Array | undefined;
  let [dk, dv] = [zerosLike(shard.k), zerosLike(shard.v)];
  await aroundTheRing(rank, async ([k, v], owner, step) => {
    const gradients = await comm.external(
      attention.backward(
        { queries: queries[comm.rank], keys: keys[owner], q: shard.q, k, v, sink: owner === comm.rank },
        o,
        lse,
        shard.do as NonNullable<typeof shard.do>,
      ),
    );
    // what the ranks before have added for these keys comes after them
    if (step > 0) [dk, dv] = (await comm.irecv(previous(comm), GRADIENTS)).map((t) => Float64Array.from(valuesOf(t)));
    if (gradients) {
      addInto(dq, gradients.dq);
      addInto(dk, gradients.dk);
      addInto(dv, gradients.dv);
      dsink ??= gradients.dsink;
    }
    if (comm.size > 1) {
      await comm.isend(next(comm), [tensorOf(accumulator, shard.k.shape, dk), tensorOf(accumulator, shard.v.shape, dv)], GRADIENTS);
    }
  });
  // the last hop brings them home
  if (comm.size > 1) [dk, dv] = (await comm.irecv(previous(comm), GRADIENTS)).map((t) => Float64Array.from(valuesOf(t)));
  return { dq, dk, dv, dsink: await sumOfSinks(rank, dsink) };
};

/** Visits the keys and values of every rank, its own first; the next ones are under way meanwhile. */
async function aroundTheRing(
  { comm, shard }: RankContext,
  visit: (kv: RankContext['shard']['k'][], owner: number, step: number) => Promise<void>,
): Promise<void> {
  let kv = [shard.k, shard.v];
  for (let step = 0; step < comm.size; step++) {
    const coming = step < comm.size - 1 ? comm.isendrecv(next(comm), kv, previous(comm), KEYS) : undefined;
    await visit(kv, (comm.rank - step + comm.size) % comm.size, step);
    if (coming) kv = await coming;
  }
}

const next = ({ rank, size }: RankContext['comm']) => (rank + 1) % size;
const previous = ({ rank, size }: RankContext['comm']) => (rank - 1 + size) % size;
