import type { Tensor } from '../../../spec/tensor/tensor.js';
import { type ChunkOf, linearChunk, noLse } from '../blocks/linear-chunk.js';
import type { SchemeProgram } from '../program.js';

const tags = { state: 0, gradient: 1 };

/** LASP: sends the state of linear attention from each rank to the next, and its gradient back. */
export function laspProgram(chunkOf: ChunkOf = linearChunk): SchemeProgram {
  return {
    name: 'lasp',
    async forward(rank) {
      const { comm, shard, saved } = rank;
      const chunk = chunkOf(rank, shard);
      const own = chunk.state();
      const before = comm.rank > 0 ? (await comm.irecv(comm.rank - 1, tags.state))[0] : undefined;
      const sent = comm.rank < comm.size - 1 ? comm.isend(comm.rank + 1, [before ? chunk.over(own, before) : own], tags.state) : undefined;
      saved.state = before;
      const o = await chunk.forward(before);
      await sent;
      return { o, lse: noLse };
    },
    async backward(rank) {
      const { comm, shard, saved } = rank;
      const cotangent = shard.do as Tensor;
      const chunk = chunkOf(rank, shard);
      const own = chunk.stateGradient(cotangent);
      const after = comm.rank < comm.size - 1 ? (await comm.irecv(comm.rank + 1, tags.gradient))[0] : undefined;
      const sent = comm.rank > 0 ? comm.isend(comm.rank - 1, [after ? chunk.over(own, after) : own], tags.gradient) : undefined;
      const gradients = await chunk.backward(cotangent, saved.state, after);
      await sent;
      return gradients;
    },
  };
}

export const programs: readonly SchemeProgram[] = [laspProgram()];
