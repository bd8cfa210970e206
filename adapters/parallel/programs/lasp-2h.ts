import { type Tensor, tensorOf } from '../../../spec/tensor/tensor.js';
import { type ChunkOf, type LinearChunk, linearChunk } from '../blocks/linear-chunk.js';
import type { WholeProblem } from '../blocks/local-attention.js';
import { addInto } from '../collectives/all-reduce.js';
import { gradientAfter, stateBefore } from '../collectives/state-gather.js';
import type { RankContext, SchemeProgram } from '../program.js';
import { allGatherProgram } from './all-gather.js';

const softmaxLayer = allGatherProgram('lasp-2h') as Required<SchemeProgram>;

/**
 * LASP-2H: a linear layer as in `lasp-2`, with keys as queries, then a softmax layer as in
 * `all-gather`, with the linear layer's stored outputs as values.
 */
export function lasp2hProgram(chunkOf: ChunkOf = linearChunk): SchemeProgram {
  const firstLayer = (rank: RankContext): LinearChunk => {
    const { k, v } = rank.shard;
    return chunkOf(rank, { q: k, k, v });
  };
  return {
    name: 'lasp-2h',
    async forward(rank) {
      const { comm, dtype, saved, shard } = rank;
      const chunk = firstLayer(rank);
      saved.state = await stateBefore(comm, chunk);
      saved.layer = tensorOf(dtype, shard.v.shape, await chunk.forward(saved.state));
      return softmaxLayer.forward(secondLayer(rank, saved.layer));
    },
    async backward(rank, outputs) {
      const { comm, dtype, saved, shard } = rank;
      const second = await softmaxLayer.backward(secondLayer(rank, saved.layer as Tensor), outputs);
      const cotangent = tensorOf(dtype, shard.v.shape, second.dv);
      const chunk = firstLayer(rank);
      const first = await chunk.backward(cotangent, saved.state, await gradientAfter(comm, chunk, cotangent));
      // A key is query and key of the first layer, and key of the second.
      addInto(first.dk, first.dq);
      addInto(first.dk, second.dk);
      return { dq: second.dq, dk: first.dk, dv: first.dv };
    },
  };
}

function secondLayer(rank: RankContext, v: Tensor): RankContext {
  const whole = softmaxProblem(rank.whole);
  return { ...rank, whole, attention: rank.attention.over(whole), shard: { ...rank.shard, v } };
}

/** Softmax problem of each job, cached to find the cached masks of its blocks. */
const problems = new WeakMap<WholeProblem, WholeProblem>();

function softmaxProblem(whole: WholeProblem): WholeProblem {
  let problem = problems.get(whole);
  if (!problem) {
    const { decay: _, ...options } = whole.case.options;
    problem = { ...whole, case: { ...whole.case, operator: 'softmax', options } };
    problems.set(whole, problem);
  }
  return problem;
}

export const programs: readonly SchemeProgram[] = [lasp2hProgram()];
