import type * as tfjs from '@tensorflow/tfjs';
import type { Case } from '../../adapter.js';

/** The API that every TensorFlow.js package has, whatever its backend. */
export type Tf = typeof tfjs;
export type Inputs = Readonly<Record<string, tfjs.Tensor>>;

interface Result {
  /** [b, hk·g, m, e] */
  readonly o: tfjs.Tensor;
  /** [b, hk·g, m] */
  readonly lse?: tfjs.Tensor;
}

/**
 * An attention operator composed from TensorFlow.js's own: what does not depend on values that are differentiated is
 * computed at once, the rest by the function returned, which may be called under a gradient tape.
 */
export type Operator = (tf: Tf, inputs: Inputs, c: Case) => (inputs: Inputs) => Result;

/** A number among the case's options, or its default. */
export function numberOption(c: Case, name: string, fallback: number): number {
  const value = c.options[name];
  return typeof value === 'number' ? value : fallback;
}
