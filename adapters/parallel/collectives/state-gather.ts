import type { Tensor } from '../../../spec/tensor/tensor.js';
import type { LinearChunk } from '../blocks/linear-chunk.js';
import type { Communicator } from '../communicator.js';

/** Returns the state at the chunk's start, from one all-gather; undefined for rank 0. */
export async function stateBefore(comm: Communicator, chunk: LinearChunk): Promise<Tensor | undefined> {
  const states = await comm.allGather([chunk.state()]);
  return inOrder(
    chunk,
    states.slice(0, comm.rank).map(([state]) => state),
  );
}

/** Returns the gradient of the state at the chunk's end; undefined for the last rank. */
export async function gradientAfter(comm: Communicator, chunk: LinearChunk, cotangent: Tensor): Promise<Tensor | undefined> {
  const gradients = await comm.allGather([chunk.stateGradient(cotangent)]);
  return inOrder(
    chunk,
    gradients
      .slice(comm.rank + 1)
      .reverse()
      .map(([gradient]) => gradient),
  );
}

/** Sums terms of chunks, the farthest first, each carried over the chunks after it. */
function inOrder(chunk: LinearChunk, states: readonly Tensor[]): Tensor | undefined {
  let sum: Tensor | undefined;
  for (const state of states) sum = sum ? chunk.over(state, sum) : state;
  return sum;
}
