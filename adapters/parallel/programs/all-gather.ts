import { placesOf } from '../../../spec/positions.js';
import { valueIn } from '../../../spec/scheme/world.js';
import { type Tensor, tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { partialLike } from '../blocks/attention-state.js';
import type { AttentionBlock, BlockGradients, HeadRange } from '../blocks/local-attention.js';
import { sumOfSinks, zerosLike } from '../collectives/all-reduce.js';
import { chooseRows } from '../collectives/chosen-rows.js';
import { takeRows } from '../collectives/shards.js';
import { join, slice } from '../collectives/slices.js';
import type { RankContext, SchemeProgram } from '../program.js';

/**
 * All-gather: gathers keys and values, some key heads at a time, while the previous heads compute,
 * so that only two groups of heads are held. The backward pass gathers them again, and
 * reduce-scatters gradients meanwhile.
 */
export function allGatherProgram(name: string): SchemeProgram {
  return {
    name,
    async forward(rank) {
      const { comm, attention } = rank;
      const os: Tensor[] = [];
      const lses: Tensor[] = [];
      await overHeads(rank, async (block) => {
        const shape = [...block.q.shape.slice(0, 3), block.v.shape[3]];
        const [b, h, rows, e] = shape;
        const { o, lse } = (await comm.external(attention.forward(block))) ?? partialLike(block.q, e);
        os.push(tensor('f64', shape, o));
        lses.push(tensor('f64', [b, h, rows], lse));
      });
      return { o: valuesOf(join(os, 1)), lse: valuesOf(join(lses, 1)) };
    },
    async backward(rank, outputs) {
      const { comm, attention, shard, whole } = rank;
      const dq: Tensor[] = [];
      const sums: Promise<Tensor[]>[] = [];
      const dsink = new Float64Array(whole.case.dims.hk * whole.case.dims.g);
      await overHeads(rank, async (block, heads) => {
        const [o, lse, cotangent] = [outputs.o, outputs.lse, shard.do as Tensor].map((t) => ofQueries(t, heads));
        const gradients = (await comm.external(attention.backward(block, o, lse, cotangent))) ?? nothing(block);
        dq.push(tensor('f64', block.q.shape, gradients.dq));
        sums.push(comm.reduceScatter(scattered(rank, block, gradients)));
        if (gradients.dsink) dsink.set(gradients.dsink, heads.first);
      });
      const ofKeys = await Promise.all(sums);
      const [dk, dv] = [0, 1].map((x) => ofKeys.map((both) => both[x]));
      const [ofQuery, ofKey, ofValue] = [dq, dk, dv].map((parts) => valuesOf(join(parts, 1)));
      return { dq: ofQuery, dk: ofKey, dv: ofValue, dsink: await sumOfSinks(rank, dsink) };
    },
  };
}

function headGroups({ world, whole }: RankContext): HeadRange[] {
  const { hk, g } = whole.case.dims;
  const most = valueIn(world, 'keyHeads');
  const groups: HeadRange[] = [];
  for (let key = 0; key < hk; key += most) groups.push({ first: key * g, keyHeads: Math.min(most, hk - key), group: g });
  return groups;
}

/** Visits groups of key heads while the keys and values of the next group are in transit. */
async function overHeads(rank: RankContext, visit: (block: AttentionBlock, heads: HeadRange) => Promise<void>): Promise<void> {
  const groups = headGroups(rank);
  let coming = gathered(rank, groups[0]);
  for (const [x, heads] of groups.entries()) {
    const all = await coming;
    if (x + 1 < groups.length) coming = gathered(rank, groups[x + 1]);
    await visit(blockOf(rank, heads, all), heads);
  }
}

function gathered({ comm, shard }: RankContext, { first, keyHeads, group }: HeadRange): Promise<Tensor[][]> {
  return comm.allGather([shard.k, shard.v].map((t) => slice(t, 1, first / group, keyHeads)));
}

/** Returns the block of the rank's queries against all keys in token order. */
function blockOf({ comm, keys, queries, shard, world }: RankContext, heads: HeadRange, all: readonly Tensor[][]): AttentionBlock {
  const order = orderOf(keys, world.padded);
  const [k, v] = [0, 1].map((x) =>
    chooseRows(
      join(
        all.map((tensors) => tensors[x]),
        2,
      ),
      order,
    ),
  );
  const places = [{ start: 0, length: world.padded, stride: 1 }];
  return { queries: queries[comm.rank], keys: places, q: ofQueries(shard.q, heads), k, v, heads, sink: true };
}

const orders = new WeakMap<RankContext['keys'], Int32Array>();

/** Returns each token's index among the keys in rank order, cached by layout. */
function orderOf(keys: RankContext['keys'], padded: number): Int32Array {
  let order = orders.get(keys);
  if (!order) {
    const found = new Int32Array(padded);
    placesOf(keys.flat()).forEach((place, x) => {
      found[place] = x;
    });
    order = found;
    orders.set(keys, order);
  }
  return order;
}

function scattered({ keys, accumulator }: RankContext, { k, v }: AttentionBlock, { dk, dv }: BlockGradients): Tensor[][] {
  const sums = [tensorOf(accumulator, k.shape, dk), tensorOf(accumulator, v.shape, dv)];
  return keys.map((segments) => sums.map((t) => takeRows(t, segments)));
}

function nothing({ q, k, v }: AttentionBlock): BlockGradients {
  return { dq: zerosLike(q), dk: zerosLike(k), dv: zerosLike(v) };
}

function ofQueries(t: Tensor, { first, keyHeads, group }: HeadRange): Tensor {
  return slice(t, 1, first, keyHeads * group);
}

export const programs: readonly SchemeProgram[] = [
  allGatherProgram('all-gather'),
  allGatherProgram('all-gather-zigzag'),
  allGatherProgram('lss'),
];
