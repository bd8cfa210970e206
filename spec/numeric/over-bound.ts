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

/** Smallest ratio that is written with an exponent: longer numbers have digits that nobody reads. */
const LONG = 1e4;

/** Ratio such as error ÷ bound, as texts show it: 0.75, 37.2, 7.4e6. */
export function ratioText(ratio: number): string {
  const rounded = Number(ratio.toPrecision(3));
  if (!Number.isFinite(rounded) || Math.abs(rounded) < LONG) return String(rounded);
  return rounded.toExponential(1).replace(/(\.0)?e\+/, 'e');
}
