import type { Tensor } from '../../../spec/tensor/tensor.js';
import type { LinearChunk } from '../blocks/linear-chunk.js';
import type { Communicator } from '../communicator.js';

/**
 * Returns the state at the start of the rank's chunk, from one all-gather of the term of each
 * chunk, or undefined if no chunk lies before it.
 */
export async function stateBefore(comm: Communicator, chunk: LinearChunk): Promise<Tensor | undefined> {
  const states = await comm.allGather([chunk.state()]);
  return inOrder(
    chunk,
    states.slice(0, comm.rank).map(([state]) => state),
  );
}

/**
 * Returns the gradient of the state at the end of the rank's chunk, from one all-gather, or
 * undefined if no chunk lies behind it.
 */
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

/**
 * Sums the terms of chunks, the farthest first: each is carried over the chunks that follow it.
 * Returns undefined if there are none.
 */
function inOrder(chunk: LinearChunk, states: readonly Tensor[]): Tensor | undefined {
  let sum: Tensor | undefined;
  for (const state of states) sum = sum ? chunk.over(state, sum) : state;
  return sum;
}
