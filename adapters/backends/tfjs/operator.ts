import type * as tfjs from '@tensorflow/tfjs';
import type { Case } from '../../adapter.js';

/** API that all TensorFlow.js packages share. */
export type Tf = typeof tfjs;
export type Inputs = Readonly<Record<string, tfjs.Tensor>>;

interface Result {
  /** [b, hk·g, m, e] */
  readonly o: tfjs.Tensor;
  /** [b, hk·g, m] */
  readonly lse?: tfjs.Tensor;
}

/** Attention made of TensorFlow.js operations; its result may run under a gradient tape. */
export type Operator = (tf: Tf, inputs: Inputs, c: Case) => (inputs: Inputs) => Result;

/** Returns a numeric option of the case, or its default. */
export function numberOption(c: Case, name: string, fallback: number): number {
  const value = c.options[name];
  return typeof value === 'number' ? value : fallback;
}
