import type { Expectation, Problem } from '../../../spec/problem.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Hypothesis } from '../../contract/diagnosis.js';
import type { Placement } from './ranks/placement.js';

/** Hypothesis with the problem that the faulty kernel would have solved. */
export interface ProblemHypothesis extends Hypothesis {
  readonly problem: Problem;
  /** Maps the answer to the kernel's outputs. Needs all rows to be evaluated, unless `byRow`. */
  readonly after?: (answer: Expectation) => Expectation;
  /** `after` changes each row by itself and leaves undecided rows undecided. */
  readonly byRow?: true;
  /** Least share of decided elements in each output; absent: 0.9. */
  readonly decided?: number;
  readonly loosens?: true;
  /** Judges the outputs as a whole; undefined if the case cannot tell. */
  readonly explains?: (answer: Expectation, outputs: Tensors) => boolean | undefined;
  readonly outputs?: readonly string[];
  /** The answer of a kernel with this fault cannot be known. */
  readonly untold?: boolean;
}

/** Call to explain, and its oracle. */
export interface Subject {
  readonly problem: Problem;
  readonly backward: boolean;
  readonly outputs: readonly string[];
  readonly booleanMask: boolean;
  /** Token placements of the case's scheme, one per possible order; empty without a scheme. */
  readonly placements: readonly Placement[];
  problemOf(c: Case): Problem;
  evaluate(problem: Problem, gradients: boolean): Expectation;
}
