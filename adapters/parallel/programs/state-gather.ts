import type { Tensor } from '../../../spec/tensor/tensor.js';
import { noLse } from '../blocks/linear-chunk.js';
import { type StateChunkOf, stateChunk } from '../blocks/state-chunk.js';
import type { SchemeProgram } from '../program.js';
import { gradients } from './state-passing.js';

/**
 * Gathers from each rank the state that its tokens add, and the matrix by which they multiply an
 * earlier state; each rank combines the pairs before it. Backward, gradients are combined from the
 * last rank down with the same matrices.
 */
export function stateGatherProgram(chunkOf: StateChunkOf = stateChunk): SchemeProgram {
  return {
    name: 'state-gather',
    async forward(rank) {
      const { comm, saved } = rank;
      const chunk = chunkOf(rank);
      // rank 0's given state is part of the state that it leaves
      const own = await chunk.forward(comm.rank === 0 ? chunk.first : undefined);
      const gathered = await comm.allGather([own.state, await chunk.transition()]);
      saved.matrices = gathered.map(([, matrix]) => matrix);
      let before: Tensor | undefined = comm.rank === 0 ? chunk.first : undefined;
      for (const [r, [state, matrix]] of gathered.slice(0, comm.rank).entries())
        before = r === 0 ? state : chunk.after(state, matrix, before as Tensor);
      saved.state = before;
      const result = comm.rank === 0 ? own : await chunk.forward(before);
      return { o: noLse, lse: noLse, parts: comm.rank === comm.size - 1 ? chunk.withState(result) : result.parts };
    },
    async backward(rank) {
      const { comm, saved } = rank;
      const chunk = chunkOf(rank);
      const isLast = comm.rank === comm.size - 1;
      const end = isLast ? (chunk.last as Tensor) : chunk.zeros();
      const own = await chunk.backward(saved.state, end);
      const gathered = await comm.allGather([own.state]);
      let after: Tensor = end;
      for (let r = comm.size - 1; r > comm.rank; r--) {
        const [gradient] = gathered[r];
        after = r === comm.size - 1 ? gradient : chunk.before(gradient, (saved.matrices as readonly Tensor[])[r], after);
      }
      const result = isLast ? own : await chunk.backward(saved.state, after);
      return gradients(comm.rank === 0 ? chunk.withGradient(result) : result.parts);
    },
  };
}

export const programs: readonly SchemeProgram[] = [stateGatherProgram()];
