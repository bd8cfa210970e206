import { plainOperator } from '../operators/plain.js';
import type { ExpectedSlice } from './expected-slice.js';
import type { Problem } from './problem.js';
import { softmaxBackwardSlices } from './softmax-backward.js';
import { softmaxForwardSlices } from './softmax-forward.js';

/**
 * Expected outputs of a problem, some rows and keys at a time, so that it need not be held whole.
 * @returns undefined where each gradient is a sum over all rows: only a problem whose rows have a focus has such parts.
 */
export function expectedSlices(problem: Problem, gradients: boolean): Generator<ExpectedSlice> | undefined {
  if (!problem.focus || problem.operator !== plainOperator) return undefined;
  return gradients ? softmaxBackwardSlices(problem) : softmaxForwardSlices(problem);
}
