import type { Tensor } from '../../../spec/tensor/tensor.js';
import { sumOfSinks } from '../collectives/all-reduce.js';
import type { RankContext, SchemeProgram } from '../program.js';
import { ringBackward, ringForward } from './ring-attention.js';
import type { RingShare } from './ring-share.js';

/** Keys and values pass from rank to rank, P − 1 hops; each rank merges what its queries see of them. The layout is the document's. */
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
