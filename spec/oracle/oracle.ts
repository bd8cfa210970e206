import { interpret } from '../program/interpret.js';
import type { Expectation, Problem } from './problem.js';
import type { RowFilter } from './softmax-forward.js';
import { streamedExpectation } from './streamed.js';

/**
 * The exact outputs of a problem, with what an implementation of its numeric profile may differ by (before the store): row by row where its program is
 * softmax attention, interpreted otherwise.
 * @param gradients the backward pass: dq, dk, dv, … instead of o and lse. @param rows of a streamed forward pass; the others are undecided.
 */
export function expectationOf(problem: Problem, gradients: boolean, rows?: RowFilter): Expectation {
  return streamedExpectation(problem, gradients, rows) ?? interpret(problem, gradients);
}
