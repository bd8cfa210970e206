import type { TensorData } from '../../../../spec/tensor/dtype.js';
import type { Numbers } from '../arithmetic/arithmetic.js';
import type { Broadcast } from './broadcast.js';
import type { MaskWindow } from './mask-window.js';
import type { LoadedProblem } from './problem.js';

/** Problem of scaled dot-product attention with its options. */
export interface SoftmaxProblem extends LoadedProblem, MaskWindow {
  readonly scale: number;
  /** Soft cap of the scores; 0 if there is none. */
  readonly softcap: number;
  /** Number added to a query's index to get its position among the keys. */
  readonly offset: number;
  /** Boolean mask, non-zero for a visible key. */
  readonly mask?: { readonly data: TensorData; readonly at: Broadcast };
  readonly bias?: { readonly values: Numbers; readonly at: Broadcast };
  /** ALiBi slope and sink logit of each query head, [heads]. */
  readonly alibi?: Numbers;
  readonly sink?: Numbers;
}

/** Outputs o [b, heads, m, e], rounded as stored, and lse [b, heads, m], as in the accumulator. */
export interface SoftmaxOutputs {
  readonly o: Numbers;
  readonly lse: Numbers;
}

/** Gradients, shaped as their inputs, as in the accumulator; dsink, dalibi and dbias if the problem has that input. */
export interface SoftmaxGradients {
  readonly dq: Numbers;
  readonly dk: Numbers;
  readonly dv: Numbers;
  readonly dsink?: Numbers;
  readonly dalibi?: Numbers;
  readonly dbias?: Numbers;
}
