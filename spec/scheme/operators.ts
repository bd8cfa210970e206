import { plainOperator } from '../operators/plain.js';
import type { Scheme } from '../types/documents.js';

/** The operators whose cases a scheme computes. */
export function operatorsOf({ operators }: Scheme): readonly string[] {
  return operators ?? [plainOperator.name];
}

/** The operators that the kernel on each rank must have. */
export function insideOf(scheme: Scheme): readonly string[] {
  return scheme.inside ?? operatorsOf(scheme);
}
