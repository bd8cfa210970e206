import type { TensorData } from '../../../../spec/tensor/dtype.js';
import type { Numbers } from '../arithmetic/arithmetic.js';
import type { Broadcast } from './broadcast.js';
import type { MaskWindow } from './mask-window.js';
import type { LoadedProblem } from './problem.js';

/** Problem of scaled dot-product attention with its options. */
export interface SoftmaxProblem extends LoadedProblem, MaskWindow {
  readonly scale: number;
  /** Soft cap of the scores, or 0. */
  readonly softcap: number;
  /** Offset from a query's index to its position among the keys. */
  readonly offset: number;
  /** Boolean mask, non-zero for a visible key. */
  readonly mask?: { readonly data: TensorData; readonly at: Broadcast };
  readonly bias?: { readonly values: Numbers; readonly at: Broadcast };
  /** ALiBi slopes and sink logits, [heads]. */
  readonly alibi?: Numbers;
  readonly sink?: Numbers;
}

/** o [b, heads, m, e], rounded to storage, and lse [b, heads, m], in the accumulator. */
export interface SoftmaxOutputs {
  readonly o: Numbers;
  readonly lse: Numbers;
}

/** Gradients in the accumulator, shaped like their inputs. */
export interface SoftmaxGradients {
  readonly dq: Numbers;
  readonly dk: Numbers;
  readonly dv: Numbers;
  readonly dsink?: Numbers;
  readonly dalibi?: Numbers;
  readonly dbias?: Numbers;
}
