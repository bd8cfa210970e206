import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { type Dialect, deviations } from '../../../spec/dialect.js';
import { type Tensor, type Tensors, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Kernel } from '../../kernel.js';
import type { WholeProblem } from './local-attention.js';

/** Tokens of a rank: q [b, hq, rows, d], k [b, hk, rows, d], v [b, hk, rows, e]. */
export interface Chunk {
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
}

/** Gradients of a chunk in float64. */
export interface ChunkGradients {
  readonly dq: Float64Array;
  readonly dk: Float64Array;
  readonly dv: Float64Array;
}

/** Causal linear attention inside a chunk, by plain calls of `linear-decay`. */
export class ChunkAttention {
  /** Settings of the kernel's dialect that differ from the default. */
  private readonly dialect: Dialect;

  constructor(
    private readonly kernel: Pick<Kernel, 'forward' | 'backward'>,
    capabilities: FullCapabilities,
    private readonly whole: WholeProblem,
  ) {
    this.dialect = deviations(capabilities.dialect);
  }

  /** Returns o [b, hq, rows, e], in float64. */
  async forward(chunk: Chunk): Promise<Float64Array> {
    const { o } = await this.kernel.forward(this.callOf(chunk));
    return Float64Array.from(valuesOf(o));
  }

  /** Returns the chunk's gradients. @param cotangent gradient of its outputs. */
  async backward(chunk: Chunk, cotangent: Tensor): Promise<ChunkGradients> {
    const { case: c, tensors } = this.callOf(chunk);
    const gradients = (await this.kernel.backward?.({ case: c, tensors: { ...tensors, do: cotangent } })) as Tensors;
    const [dq, dk, dv] = ['dq', 'dk', 'dv'].map((name) => Float64Array.from(valuesOf(gradients[name])));
    return { dq, dk, dv };
  }

  private callOf({ q, k, v }: Chunk): { case: Case; tensors: Tensors } {
    const { case: whole, decay } = this.whole;
    const { dtype, layout, values } = whole;
    const [b, hk, rows, d] = k.shape;
    return {
      case: {
        operator: 'linear-decay',
        dims: { b, hk, g: q.shape[1] / hk, m: rows, n: rows, d, e: v.shape[3] },
        mask: { name: 'full' },
        options: decay ? { decay: true } : {},
        dtype,
        layout,
        values,
        ...(Object.keys(this.dialect).length > 0 && { dialect: this.dialect }),
      },
      tensors: { q, k, v, ...(decay && { decay }) },
    };
  }
}
