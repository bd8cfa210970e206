import type { Tensor } from '../../../spec/tensor/tensor.js';
import { type ChunkOf, linearChunk, noLse } from '../blocks/linear-chunk.js';
import { gradientAfter, stateBefore } from '../collectives/state-gather.js';
import type { SchemeProgram } from '../program.js';

/** LASP-2: all ranks gather the states of all chunks, and sum the states before their chunk. */
export function lasp2Program(chunkOf: ChunkOf = linearChunk): SchemeProgram {
  return {
    name: 'lasp-2',
    async forward(rank) {
      const chunk = chunkOf(rank, rank.shard);
      const before = await stateBefore(rank.comm, chunk);
      rank.saved.state = before;
      return { o: await chunk.forward(before), lse: noLse };
    },
    async backward(rank) {
      const cotangent = rank.shard.do as Tensor;
      const chunk = chunkOf(rank, rank.shard);
      return chunk.backward(cotangent, rank.saved.state, await gradientAfter(rank.comm, chunk, cotangent));
    },
  };
}

export const programs: readonly SchemeProgram[] = [lasp2Program()];
