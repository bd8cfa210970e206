import type { Expectation, Problem } from '../../../spec/problem.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Hypothesis } from '../../contract/diagnosis.js';
import type { Placement } from './ranks/placement.js';

/** Hypothesis with the problem whose answer the faulty kernel would have given. */
export interface ProblemHypothesis extends Hypothesis {
  readonly problem: Problem;
  /** Changes the problem's answer; shapes are those of the kernel's outputs. Requires all rows to be evaluated, unless `byRow`. */
  readonly after?: (answer: Expectation) => Expectation;
  /** `after` leaves undecided rows undecided, and needs no other rows to change one. */
  readonly byRow?: true;
  /** Least share of each output that must be decided, if not nine tenths. */
  readonly decided?: number;
  /** Every output that is right stays right under the hypothesis. */
  readonly loosens?: true;
  /**
   * Tells whether the kernel's outputs may be that answer, if this is not decided element by element; undefined if the case cannot tell.
   */
  readonly explains?: (answer: Expectation, outputs: Tensors) => boolean | undefined;
  /** Outputs that are compared; if absent, all. */
  readonly outputs?: readonly string[];
  /** The answer of a kernel with this fault to the case cannot be known. */
  readonly untold?: boolean;
}

/** Call about which hypotheses are made, and the oracle for it. */
export interface Subject {
  readonly problem: Problem;
  /** True if the call is a backward pass, with dq, dk, dv, … instead of o and lse. */
  readonly backward: boolean;
  /** Names of the outputs that the kernel gave. */
  readonly outputs: readonly string[];
  /** True if the mask, if there is one, is given to the kernel as a boolean tensor. */
  readonly booleanMask: boolean;
  /** Places of the tokens on the ranks of the case's scheme, one for each order that may be meant; none without a scheme. */
  readonly placements: readonly Placement[];
  /** Returns the problem of another case. */
  problemOf(c: Case): Problem;
  evaluate(problem: Problem, gradients: boolean): Expectation;
}
