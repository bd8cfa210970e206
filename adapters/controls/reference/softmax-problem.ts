import type { TensorData } from '../../../spec/tensor/dtype.js';
import type { Values } from './arithmetic.js';
import type { Broadcast } from './broadcast.js';
import type { MaskWindow } from './mask-window.js';
import type { Problem } from './problem.js';

/** Scaled dot-product attention with what may go with it. */
export interface SoftmaxProblem extends Problem, MaskWindow {
  readonly scale: number;
  /** 0: none. */
  readonly softcap: number;
  /** What is added to a query's index to place it among the keys. */
  readonly offset: number;
  /** Non-zero where the key is visible. */
  readonly mask?: { readonly data: TensorData; readonly at: Broadcast };
  readonly bias?: { readonly values: Values; readonly at: Broadcast };
  /** [heads]: slope, and extra logit. */
  readonly alibi?: Values;
  readonly sink?: Values;
}

/** o [b, heads, m, e] as stored, and lse [b, heads, m] in the accumulator. */
export interface SoftmaxOutputs {
  readonly o: Values;
  readonly lse: Values;
}

/** Shaped as their inputs, in the accumulator; dsink, dalibi, dbias where the input is there. */
export interface SoftmaxGradients {
  readonly dq: Values;
  readonly dk: Values;
  readonly dv: Values;
  readonly dsink?: Values;
  readonly dalibi?: Values;
  readonly dbias?: Values;
}
