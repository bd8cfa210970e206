import type { Values } from './arithmetic.js';
import type { SoftmaxProblem } from './softmax-problem.js';
import type { Steps } from './steps.js';

/** o [b, heads, m, e] as stored, and lse [b, heads, m] in the accumulator. */
export interface SoftmaxOutputs {
  readonly o: Values;
  readonly lse: Values;
}

export type SoftmaxForward = (p: SoftmaxProblem, steps: Steps) => SoftmaxOutputs;
