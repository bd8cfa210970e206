import type { Expectation, Problem } from '../../../spec/oracle/problem.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Explanation } from './diagnosis.js';

/** Another problem, whose answer a faulty kernel may have given. */
export interface Hypothesis extends Explanation {
  readonly problem: Problem;
  /** Changes its answer: shapes are those of the kernel's outputs. Only where all rows were evaluated, unless `byRow`. */
  readonly after?: (answer: Expectation) => Expectation;
  /** `after` leaves rows undecided that are, and needs no others. */
  readonly byRow?: true;
  /** The least share of each output that must be decided, where that is not nine tenths. */
  readonly decided?: number;
  /** Whatever is right stays right by it. */
  readonly loosens?: true;
  /** Tells whether the kernel's outputs may be that answer, where that is not told element by element; undefined where the case cannot tell. */
  readonly explains?: (answer: Expectation, outputs: Tensors) => boolean | undefined;
  /** Nobody can say what a kernel with this fault would make of the case. */
  readonly untold?: boolean;
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
