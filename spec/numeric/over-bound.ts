import type { JsonNumber } from '../types/documents.js';

/** The worst element of a failure, as documents hold it. */
interface JudgedElement {
  readonly expected?: JsonNumber;
  readonly actual?: JsonNumber;
  readonly bound?: JsonNumber;
}

/**
 * Error ÷ bound of a judged element: infinite where one of the two numbers is not finite and the other differs, or nothing was allowed.
 * Returns undefined for an element that was not judged by a bound.
 */
export function overBound({ expected, actual, bound }: JudgedElement): number | undefined {
  if (expected === undefined || actual === undefined || bound === undefined) return undefined;
  const [r, x, limit] = [expected, actual, bound].map(Number);
  if (Object.is(r, x)) return 0;
  const ratio = Math.abs(x - r) / limit;
  return Number.isNaN(ratio) ? Infinity : ratio;
}
