import type { Expected } from '../../spec/problem.js';
import type { Tensor } from '../../spec/tensor/tensor.js';
import type { CodeFormat } from '../../spec/types/documents.js';
import type { OutputStatistics } from '../contract/property.js';
import type { CallErrors } from './error-sums.js';

/** Rule for rows without keys: equal to the expected value, within its bound, or any finite number ≤ −1e4. */
export type EmptyRule = 'exact' | 'bounded' | 'finite';

export interface Comparand {
  readonly output: string;
  /** Failure class of a finite wrong number: `value`, `lse`, `gradient`. */
  readonly class: string;
  /** Contiguous, with as many elements as expected. Its dtype sets the rounding in the bound. */
  readonly actual: Tensor;
  /** Format of stored codes; absent for numbers. */
  readonly format?: CodeFormat;
  readonly expected: Expected;
  readonly flushToZero: boolean;
  /** 1 for each row that is judged; the rows are the output's leading axes. If absent, every row is judged. */
  readonly judged?: Uint8Array;
  /** Rows without keys, marked with 1 among the same rows, and the rule for them. */
  readonly empty?: { readonly rows: Uint8Array; readonly rule: EmptyRule };
}

export interface Mismatch {
  readonly class: string;
  readonly output: string;
  readonly index: readonly number[];
  readonly expected: number;
  readonly actual: number;
  readonly bound: number;
  /** error ÷ bound; infinite if either is not a number. */
  readonly ratio: number;
}

export interface Comparison {
  readonly output: string;
  readonly statistics: OutputStatistics;
  /** Error sums over the elements that are within their bound and whose expected value is a normal number. */
  readonly errors: CallErrors;
  readonly worst?: Mismatch;
  /** Says why elements are undecided. */
  readonly because?: () => readonly string[];
}

/** Index of the flat element in a row-major array. */
export function unravel(flat: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}
