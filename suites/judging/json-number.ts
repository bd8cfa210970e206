import type { JsonNumber } from '../../spec/types/documents.js';

/** Number as text; −0 is "-0". */
export function toText(x: number): string {
  return String(toJsonNumber(x));
}

/** Number for JSON; NaN, infinities and −0 become strings. */
export function toJsonNumber(x: number): JsonNumber {
  if (Number.isNaN(x)) return 'NaN';
  if (x === Infinity) return 'Infinity';
  if (x === -Infinity) return '-Infinity';
  return Object.is(x, -0) ? '-0' : x;
}
