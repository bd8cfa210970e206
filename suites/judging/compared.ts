import type { Expected } from '../../spec/problem.js';
import type { Tensor } from '../../spec/tensor/tensor.js';
import type { CodeFormat } from '../../spec/types/documents.js';
import type { OutputStatistics } from '../contract/property.js';
import type { CallErrors } from './error-sums.js';

/** Rule for rows without keys: the expected value, its bound, or any finite number ≤ −1e4. */
export type EmptyRule = 'exact' | 'bounded' | 'finite';

export interface Comparand {
  readonly output: string;
  /** Class of a finite wrong number: `value`, `lse` or `gradient`. */
  readonly class: string;
  /** Contiguous. Its dtype sets the rounding in the bound. */
  readonly actual: Tensor;
  readonly format?: CodeFormat;
  readonly expected: Expected;
  readonly flushToZero: boolean;
  /** 1 for each judged row, over the leading axes; absent: all rows. */
  readonly judged?: Uint8Array;
  readonly empty?: { readonly rows: Uint8Array; readonly rule: EmptyRule };
}

export interface Mismatch {
  readonly class: string;
  readonly output: string;
  readonly index: readonly number[];
  readonly expected: number;
  readonly actual: number;
  readonly bound: number;
  /** Error ÷ bound; infinite if either is not a number. */
  readonly ratio: number;
}

export interface Comparison {
  readonly output: string;
  readonly statistics: OutputStatistics;
  /** Sums over elements within their bound with normal expected values. */
  readonly errors: CallErrors;
  readonly worst?: Mismatch;
  readonly because?: () => readonly string[];
}

/** Index of a flat element in a row-major array. */
export function unravel(flat: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}
