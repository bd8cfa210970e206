import type { TensorData } from '../../../../spec/tensor/dtype.js';
import type { Values } from '../arithmetic/arithmetic.js';
import type { Broadcast } from './broadcast.js';
import type { MaskWindow } from './mask-window.js';
import type { Problem } from './problem.js';

/** Problem of scaled dot-product attention with its options. */
export interface SoftmaxProblem extends Problem, MaskWindow {
  readonly scale: number;
  /** Soft cap of the scores; 0 if there is none. */
  readonly softcap: number;
  /** Number added to a query's index to get its position among the keys. */
  readonly offset: number;
  /** Boolean mask, non-zero for a visible key. */
  readonly mask?: { readonly data: TensorData; readonly at: Broadcast };
  readonly bias?: { readonly values: Values; readonly at: Broadcast };
  /** ALiBi slope and sink logit of each query head, [heads]. */
  readonly alibi?: Values;
  readonly sink?: Values;
}

/** Outputs o [b, heads, m, e], rounded as stored, and lse [b, heads, m], as in the accumulator. */
export interface SoftmaxOutputs {
  readonly o: Values;
  readonly lse: Values;
}

/** Gradients, shaped as their inputs, as in the accumulator; dsink, dalibi and dbias if the problem has that input. */
export interface SoftmaxGradients {
  readonly dq: Values;
  readonly dk: Values;
  readonly dv: Values;
  readonly dsink?: Values;
  readonly dalibi?: Values;
  readonly dbias?: Values;
}
