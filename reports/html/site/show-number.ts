import type { JsonNumber } from '../../../spec/types/documents.js';

/** For tables: few digits. */
export function showNumber(value: JsonNumber | undefined, digits = 3): string {
  if (value === undefined) return '';
  return typeof value === 'number' ? String(Number(value.toPrecision(digits))) : value;
}
