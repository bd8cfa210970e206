import type { Tensor } from '../../../spec/tensor/tensor.js';
import { noLse } from '../blocks/linear-chunk.js';
import { type StateChunkOf, stateChunk } from '../blocks/state-chunk.js';
import type { SchemeProgram, ShardGradients } from '../program.js';

const tags = { state: 0, gradient: 1 };

/** Passes the state after a rank's tokens to the next rank, and its gradient back. */
function statePassingProgram(chunkOf: StateChunkOf = stateChunk): SchemeProgram {
  return {
    name: 'state-passing',
    async forward(rank) {
      const { comm, saved } = rank;
      const chunk = chunkOf(rank);
      const before = comm.rank > 0 ? (await comm.irecv(comm.rank - 1, tags.state))[0] : chunk.first;
      saved.state = before;
      const result = await chunk.forward(before);
      if (comm.rank === comm.size - 1) return { o: noLse, lse: noLse, parts: chunk.withState(result) };
      await comm.isend(comm.rank + 1, [result.state], tags.state);
      return { o: noLse, lse: noLse, parts: result.parts };
    },
    async backward(rank) {
      const { comm, saved } = rank;
      const chunk = chunkOf(rank);
      const after = comm.rank < comm.size - 1 ? (await comm.irecv(comm.rank + 1, tags.gradient))[0] : (chunk.last as Tensor);
      const result = await chunk.backward(saved.state, after);
      if (comm.rank === 0) return gradients(chunk.withGradient(result));
      await comm.isend(comm.rank - 1, [result.state], tags.gradient);
      return gradients(result.parts);
    },
  };
}

/** Returns gradients by name. */
export function gradients(parts: NonNullable<ShardGradients['parts']>): ShardGradients {
  return { dq: noLse, dk: noLse, dv: noLse, parts };
}

export const programs: readonly SchemeProgram[] = [statePassingProgram()];
