import { type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { type AttentionState, mergeInto, partialLike } from '../blocks/attention-state.js';
import type { BlockGradients } from '../blocks/local-attention.js';
import { addInto, sumOfSinks, zerosLike } from '../collectives/all-reduce.js';
import { PendingSends } from '../collectives/pending-sends.js';
import type { RankContext, SchemeProgram, StoredOutputs } from '../program.js';

const KEYS = 0;
const QUERIES = 1;
const RESULTS = 2;
const GRADIENTS = 3;

/**
 * LightSeq, for causal masks and contiguous shards. In step s, a rank computes its queries against
 * keys of the rank s before it. The first s ranks instead help the rank P − s after them: they
 * compute its queries against their keys, which saves a step.
 */
const lightseq: SchemeProgram = {
  name: 'lightseq',

  async forward(rank) {
    const { comm, shard, accumulator } = rank;
    const [b, hq, rows] = shard.q.shape;
    const result = partialLike(shard.q, shard.v.shape[3]);
    const merge = (partial: AttentionState | undefined) => {
      if (partial) mergeInto(result, partial);
    };
    merge(await blockForward(rank, comm.rank, comm.rank, shard.q, shard.k, shard.v));
    for (const step of stepsOf(comm)) {
      const sends = new PendingSends();
      if (step.giveKeysTo !== undefined) sends.add(comm.isend(step.giveKeysTo, [shard.k, shard.v], KEYS));
      if (step.helper !== undefined) sends.add(comm.isend(step.helper, [shard.q], QUERIES));
      if (step.keysOf !== undefined) {
        const [k, v] = await sends.during(comm.irecv(step.keysOf, KEYS));
        merge(await blockForward(rank, comm.rank, step.keysOf, shard.q, k, v));
      }
      if (step.helps !== undefined) {
        const [q] = await sends.during(comm.irecv(step.helps, QUERIES));
        const { o, lse } = (await blockForward(rank, step.helps, comm.rank, q, shard.k, shard.v)) ?? partialLike(q, shard.v.shape[3]);
        const shape = [b, hq, rows];
        const partial = [tensorOf(accumulator, [...shape, shard.v.shape[3]], o), tensorOf(accumulator, shape, lse)];
        sends.add(comm.isend(step.helps, partial, RESULTS));
      }
      if (step.helper !== undefined) {
        const [o, lse] = (await sends.during(comm.irecv(step.helper, RESULTS))).map(valuesOf);
        merge({ o, lse });
      }
      await sends.all();
    }
    return result;
  },

  async backward(rank, outputs) {
    const { comm, shard, accumulator } = rank;
    const own = { q: shard.q, ...outputs, do: shard.do as Tensor };
    const dq = zerosLike(shard.q);
    const [dk, dv] = [zerosLike(shard.k), zerosLike(shard.v)];
    const first = await blockBackward(rank, comm.rank, comm.rank, own, shard.k, shard.v);
    addInto(dq, first.dq);
    addInto(dk, first.dk);
    addInto(dv, first.dv);
    for (const step of stepsOf(comm)) {
      const sends = new PendingSends();
      if (step.giveKeysTo !== undefined) sends.add(comm.isend(step.giveKeysTo, [shard.k, shard.v], KEYS));
      if (step.helper !== undefined) sends.add(comm.isend(step.helper, [own.q, own.o, own.do, own.lse], QUERIES));
      if (step.keysOf !== undefined) {
        const [k, v] = await sends.during(comm.irecv(step.keysOf, KEYS));
        const gradients = await blockBackward(rank, comm.rank, step.keysOf, own, k, v);
        addInto(dq, gradients.dq);
        const theirs = [tensorOf(accumulator, k.shape, gradients.dk), tensorOf(accumulator, v.shape, gradients.dv)];
        sends.add(comm.isend(step.keysOf, theirs, GRADIENTS));
      }
      if (step.helps !== undefined) {
        const [q, o, cotangent, lse] = await sends.during(comm.irecv(step.helps, QUERIES));
        const gradients = await blockBackward(rank, step.helps, comm.rank, { q, o, lse, do: cotangent }, shard.k, shard.v);
        addInto(dk, gradients.dk);
        addInto(dv, gradients.dv);
        sends.add(comm.isend(step.helps, [tensorOf(accumulator, q.shape, gradients.dq)], RESULTS));
      }
      if (step.helper !== undefined) addInto(dq, valuesOf((await sends.during(comm.irecv(step.helper, RESULTS)))[0]));
      if (step.giveKeysTo !== undefined) {
        const [dkGiven, dvGiven] = (await sends.during(comm.irecv(step.giveKeysTo, GRADIENTS))).map(valuesOf);
        addInto(dk, dkGiven);
        addInto(dv, dvGiven);
      }
      await sends.all();
    }
    return { dq, dk, dv, dsink: await sumOfSinks(rank, first.dsink) };
  },
};

/** Work of a rank in one step, as numbers of other ranks. */
interface Step {
  /** Rank with the keys for this rank's queries. */
  readonly keysOf?: number;
  readonly giveKeysTo?: number;
  /** Rank with the queries for this rank's keys. */
  readonly helps?: number;
  readonly helper?: number;
}

/** Returns steps 1 to ⌊P/2⌋. In step P/2 of an even P, no rank needs help. */
function stepsOf({ rank, size }: RankContext['comm']): Step[] {
  return Array.from({ length: Math.floor(size / 2) }, (_, x) => {
    const step = x + 1;
    const away = size - step;
    const helping = 2 * step < size;
    return {
      ...(rank >= step && { keysOf: rank - step }),
      ...(rank + step < size && { giveKeysTo: rank + step }),
      ...(helping && rank < step && { helps: rank + away }),
      ...(helping && rank >= away && { helper: rank - away }),
    };
  });
}

function blockForward({ comm, attention, queries, keys }: RankContext, queriesOf: number, keysOf: number, q: Tensor, k: Tensor, v: Tensor) {
  const block = { queries: queries[queriesOf], keys: keys[keysOf], q, k, v, sink: queriesOf === keysOf };
  return comm.external(attention.forward(block));
}

async function blockBackward(
  { comm, attention, queries, keys }: RankContext,
  queriesOf: number,
  keysOf: number,
  rows: StoredOutputs & { readonly q: Tensor; readonly do: Tensor },
  k: Tensor,
  v: Tensor,
): Promise<BlockGradients> {
  const block = { queries: queries[queriesOf], keys: keys[keysOf], q: rows.q, k, v, sink: queriesOf === keysOf };
  const gradients = await comm.external(attention.backward(block, rows.o, rows.lse, rows.do));
  return gradients ?? { dq: zerosLike(rows.q), dk: zerosLike(k), dv: zerosLike(v) };
}

export const programs: readonly SchemeProgram[] = [lightseq];
