import { ratioText } from '../../../spec/numeric/over-bound.js';
import type { JsonNumber } from '../../../spec/types/documents.js';

/** Formats a number for tables, with few digits. */
export function showNumber(value: JsonNumber | undefined, digits = 3): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return Math.abs(value) >= 1e6 ? value.toExponential(digits - 1) : String(Number(value.toPrecision(digits)));
}

/** Formats an error ÷ bound, or an error in ULP, for tables. */
export function showRatio(value: JsonNumber): string {
  return typeof value === 'string' ? value : ratioText(value);
}
