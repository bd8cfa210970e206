import { type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { partialLike } from '../blocks/attention-state.js';
import type { RankContext, SchemeProgram } from '../program.js';

/**
 * Tree decoding: every rank has all queries and some keys. Reduces the largest LSE, then sums of
 * numerators and denominators relative to it.
 */
const treeDecode: SchemeProgram = {
  name: 'tree-decode',

  async forward({ comm, attention, queries, keys, shard, accumulator }) {
    const [b, hq, m] = shard.q.shape;
    const e = shard.v.shape[3];
    const block = { queries: queries[comm.rank], keys: keys[comm.rank], ...shard, sink: comm.rank === 0 };
    const { o, lse } = (await comm.external(attention.forward(block))) ?? partialLike(shard.q, e);
    const own = tensorOf(accumulator, [b, hq, m], lse);
    const largest = await largestOf(comm, own);
    const denominators = valuesOf(own).map((x, row) => (x === -Infinity ? 0 : Math.exp(x - largest[row])));
    const numerators = o.map((x, at) => {
      const weight = denominators[Math.floor(at / e)];
      // A row without visible keys adds 0: 0 × NaN would poison the sum.
      return weight === 0 ? 0 : x * weight;
    });
    const sums = await comm.allReduce([tensorOf(accumulator, [b, hq, m], denominators), tensorOf(accumulator, [b, hq, m, e], numerators)]);
    const [denominator, numerator] = sums.map(valuesOf);
    return {
      o: numerator.map((x, at) => (x === 0 ? 0 : x / denominator[Math.floor(at / e)])),
      // A row without visible keys has the denominator 0: its LSE stays −∞.
      lse: largest.map((x, row) => x + Math.log(denominator[row])),
    };
  },
};

async function largestOf(comm: RankContext['comm'], own: Tensor): Promise<Float64Array> {
  const all = (await comm.allGather([own])).map(([values]) => valuesOf(values));
  return all[0].map((_, at) => Math.max(...all.map((values) => values[at])));
}

export const programs: readonly SchemeProgram[] = [treeDecode];
