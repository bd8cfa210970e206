import { interpret } from '../program/interpret.js';
import { biasedExpectation, biasedOperators } from './biased.js';
import { linearSoftmaxExpectation } from './linear-softmax.js';
import type { Expectation, Problem } from './problem.js';
import { softmaxBackward } from './softmax-backward.js';
import { type RowFilter, softmaxForward } from './softmax-forward.js';

/**
 * The exact outputs of a problem, with what an implementation of its numeric profile may differ by (before the store).
 * @param gradients the backward pass: dq, dk, dv, … instead of o and lse. @param rows of the forward pass; the others are undecided.
 */
export function expectationOf(problem: Problem, gradients: boolean, rows?: RowFilter): Expectation {
  if (biasedOperators.has(problem.operator.name)) return biasedExpectation(problem, gradients, rows);
  if (problem.operator.name === 'linear-softmax') return linearSoftmaxExpectation(problem, gradients, rows);
  if (problem.operator.name !== 'softmax') return interpret(problem, gradients);
  return gradients ? softmaxBackward(problem) : softmaxForward(problem, rows);
}
