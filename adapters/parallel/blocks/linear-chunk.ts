import { type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { RankContext } from '../program.js';
import type { Chunk, ChunkGradients } from './chunk-attention.js';
import { addProducts, carried, productFlops, stateOf, transposed, type Weigh, weighedBy } from './chunk-states.js';

/** Fields of a rank's context that a chunk needs. */
export type ChunkRank = Pick<RankContext, 'comm' | 'chunk' | 'accumulator' | 'whole'>;

export type ChunkOf = (rank: ChunkRank, tensors: Chunk) => LinearChunk;

export const linearChunk: ChunkOf = (rank, tensors) => new LinearChunk(rank, tensors);

/** Empty LSE, for operators without LSE. */
export const noLse = new Float64Array(0);

/**
 * Causal linear attention of a rank's chunk: the kernel computes attention inside the chunk; states
 * of other chunks add the rest (https://arxiv.org/abs/2404.02882).
 */
export class LinearChunk {
  private readonly weigh: Weigh;
  private readonly rows: number;

  constructor(
    private readonly rank: ChunkRank,
    private readonly tensors: Chunk,
  ) {
    this.weigh = weighedBy(rank.whole.decay);
    this.rows = tensors.k.shape[2];
  }

  /** Returns the chunk's term of the state at its end, [b, hk, d, e], in the accumulator dtype. */
  state(): Tensor {
    const { k, v } = this.tensors;
    this.rank.comm.compute(productFlops(k, v.shape[3]));
    return this.travels(stateOf(k, v, k.shape[1], this.weigh, this.toEnd));
  }

  /** Returns the chunk's term of the gradient of the state at its start, [b, hk, d, e]. */
  stateGradient(cotangent: Tensor): Tensor {
    const { q, k } = this.tensors;
    this.rank.comm.compute(productFlops(q, cotangent.shape[3]));
    return this.travels(stateOf(q, cotangent, k.shape[1], this.weigh, this.fromStart));
  }

  /** Returns the state after a chunk that adds `state` to the `earlier` state. */
  over(state: Tensor, earlier: Tensor): Tensor {
    return this.travels(carried(state, earlier, this.rows, this.weigh));
  }

  /** Returns o [b, hq, rows, e] in float64. @param before state at the chunk's start, if any. */
  async forward(before: Tensor | undefined): Promise<Float64Array> {
    const { comm, chunk } = this.rank;
    const { q, v } = this.tensors;
    const o = await comm.external(chunk.forward(this.tensors));
    if (before) {
      comm.compute(productFlops(q, v.shape[3]));
      addProducts(o, q, before, this.weigh, this.fromStart);
    }
    return o;
  }

  /** Returns the chunk's gradients, given the state before it and the state's gradient after it. */
  async backward(cotangent: Tensor, before: Tensor | undefined, after: Tensor | undefined): Promise<ChunkGradients> {
    const { comm, chunk } = this.rank;
    const { k, v } = this.tensors;
    const gradients = await comm.external(chunk.backward(this.tensors, cotangent));
    if (before) {
      comm.compute(productFlops(cotangent, k.shape[3]));
      addProducts(gradients.dq, cotangent, transposed(before), this.weigh, this.fromStart);
    }
    if (after) {
      comm.compute(2 * productFlops(k, v.shape[3]));
      addProducts(gradients.dk, v, transposed(after), this.weigh, this.toEnd);
      addProducts(gradients.dv, k, after, this.weigh, this.toEnd);
    }
    return gradients;
  }

  /** Distance from the state at the chunk's start, which is the state after the previous token. */
  private readonly fromStart = (row: number): number => row + 1;

  private readonly toEnd = (row: number): number => this.rows - 1 - row;

  private travels(state: Tensor): Tensor {
    return tensorOf(this.rank.accumulator, state.shape, valuesOf(state));
  }
}
