import { plainOperator } from '../operators/plain.js';
import type { Scheme } from '../types/documents.js';

/** Operators that a scheme computes. */
export function operatorsOf({ operators }: Scheme): readonly string[] {
  return operators ?? [plainOperator.name];
}

/**
 * Operators that the kernel on each rank must have: those in the document, or else the scheme's
 * operators that it claims, or else the first one.
 */
export function insideOf(scheme: Scheme, claimed: readonly string[]): readonly string[] {
  const computed = operatorsOf(scheme);
  const found = computed.filter((name) => claimed.includes(name));
  return scheme.inside ?? (found.length > 0 ? found : computed.slice(0, 1));
}
