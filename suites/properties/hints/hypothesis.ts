import type { Expectation, Problem } from '../../../spec/oracle/problem.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Explanation } from './diagnosis.js';

/** Another problem, whose answer a faulty kernel may have given. */
export interface Hypothesis extends Explanation {
  readonly problem: Problem;
  /** What becomes of its answer: shapes are those of the kernel's outputs. Only where all rows were evaluated. */
  readonly after?: (answer: Expectation) => Expectation;
}

/** What hypotheses are made from. */
export interface Subject {
  readonly problem: Problem;
  /** The backward pass: dq, dk, dv, … instead of o and lse. */
  readonly backward: boolean;
  /** The mask, if there is one, travels as a boolean tensor. */
  readonly booleanMask: boolean;
  /** The problem of another case. */
  problemOf(c: Case): Problem;
  evaluate(problem: Problem, gradients: boolean): Expectation;
}
