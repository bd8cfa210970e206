import { ratioText } from '../../../spec/numeric/over-bound.js';
import type { JsonNumber } from '../../../spec/types/documents.js';

/** For tables: few digits. */
export function showNumber(value: JsonNumber | undefined, digits = 3): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return Math.abs(value) >= 1e6 ? value.toExponential(digits - 1) : String(Number(value.toPrecision(digits)));
}

/** For tables: a ratio such as error ÷ bound, or an error in units in the last place. */
export function showRatio(value: JsonNumber): string {
  return typeof value === 'string' ? value : ratioText(value);
}
