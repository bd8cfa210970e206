import type { Problem } from '../../../../spec/problem.js';
import type { Limits, Operator, Statement } from '../../../../spec/types/documents.js';
import type { ProgramPaging } from '../../second-form/paged.js';

/** Fault of a kernel that evaluates a program: another program, or inputs that are read wrongly. */
export interface ProgramFault {
  /** Description of the fault. */
  readonly title: string;
  readonly program?: readonly Statement[];
  /** Returns the problem that the kernel computes in place of the one it gets. */
  readonly read?: (problem: Problem) => Problem;
  /** How the kernel finds rows in pages, where that is wrong. */
  readonly paging?: Partial<ProgramPaging>;
  /** Limits that the kernel claims, so that every case may show the fault. */
  readonly limits?: Limits;
}

/** A kind of fault that the program of any operator may have. */
export interface Mutator {
  /** Identifier of small letters and dashes. */
  readonly id: string;
  /** Public reports of such faults, in words. */
  readonly imitates: string;
  /** Lists the faults of this kind that an operator may have, whether its program still fits or not. */
  faults(operator: Operator): Iterable<ProgramFault>;
}
