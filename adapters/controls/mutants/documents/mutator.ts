import type { Problem } from '../../../../spec/problem.js';
import type { Limits, Operator, Statement } from '../../../../spec/types/documents.js';
import type { ProgramPaging } from '../../second-form/paged.js';

/** Fault of a program, or of reading its inputs. */
export interface ProgramFault {
  readonly title: string;
  readonly program?: readonly Statement[];
  readonly read?: (problem: Problem) => Problem;
  readonly paging?: Partial<ProgramPaging>;
  readonly limits?: Limits;
}

/** Kind of fault for programs of any operator. */
export interface Mutator {
  readonly id: string;
  readonly imitates: string;
  /** Yields faults of this kind, without checking that their programs are sound. */
  faults(operator: Operator): Iterable<ProgramFault>;
}
