import type { JsonNumber } from '../types/documents.js';

interface JudgedElement {
  readonly expected?: JsonNumber;
  readonly actual?: JsonNumber;
  readonly bound?: JsonNumber;
}

/** Error ÷ bound of an element; undefined without a bound. */
export function overBound({ expected, actual, bound }: JudgedElement): number | undefined {
  if (expected === undefined || actual === undefined || bound === undefined) return undefined;
  const [r, x, limit] = [expected, actual, bound].map(Number);
  if (Object.is(r, x)) return 0;
  const ratio = Math.abs(x - r) / limit;
  return Number.isNaN(ratio) ? Infinity : ratio;
}

const LONG = 1e4;

/** Text of a ratio: 0.75, 37.2, 7.4e6. */
export function ratioText(ratio: number): string {
  const rounded = Number(ratio.toPrecision(3));
  if (!Number.isFinite(rounded) || Math.abs(rounded) < LONG) return String(rounded);
  return rounded.toExponential(1).replace(/(\.0)?e\+/, 'e');
}
