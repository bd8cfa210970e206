import { storedBound } from '../../../spec/oracle/output-bound.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import type { DType } from '../../../spec/tensor/dtype.js';

/** Range of values that an element may have: from `low` to `high`, or NaN only. */
export type Range = { readonly low: number; readonly high: number } | 'nan';

/** Range of a `finite` LSE (CONTRACTS, dialect): any finite number ≤ −1e4. */
const finite: Range = { low: -Number.MAX_VALUE, high: -1e4 };

/** Range of an element of o or lse under the problem's dialect; undefined if unbounded. */
export function rangeAt(problem: Problem, { outputs, empty }: Expectation, output: string, at: number, dtype: DType): Range | undefined {
  const { shape, value, bound } = outputs[output];
  const row = output === 'lse' ? at : Math.floor(at / shape[shape.length - 1]);
  const { emptyLse, emptyOutput } = problem.dialect;
  if (empty[row] && output === 'lse' && emptyLse === 'finite') return finite;
  const r = value[at];
  if (Number.isNaN(r)) return 'nan';
  if (!Number.isFinite(r)) return { low: r, high: r };
  const exact = empty[row] && (output === 'lse' || emptyOutput !== 'mean');
  const limit = exact ? 0 : storedBound(r, bound[at], dtype, problem.numeric.flushToZero);
  return Number.isFinite(limit) ? { low: r - limit, high: r + limit } : undefined;
}

export function contains(range: Range, x: number): boolean {
  return range === 'nan' ? Number.isNaN(x) : x >= range.low && x <= range.high;
}

export function disjoint(a: Range, b: Range): boolean {
  if (a === 'nan' || b === 'nan') return a !== b;
  return a.high < b.low || b.high < a.low;
}
