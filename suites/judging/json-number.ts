import type { JsonNumber } from '../../spec/types/documents.js';

/** The number as text: −0 is "-0". */
export function toText(x: number): string {
  return String(toJsonNumber(x));
}

/** The number as JSON has it; NaN, infinities and −0 as strings. */
export function toJsonNumber(x: number): JsonNumber {
  if (Number.isNaN(x)) return 'NaN';
  if (x === Infinity) return 'Infinity';
  if (x === -Infinity) return '-Infinity';
  return Object.is(x, -0) ? '-0' : x;
}
