import { plainOperator } from '../operators/plain.js';
import type { Scheme } from '../types/documents.js';

/** The operators whose cases a scheme computes. */
export function operatorsOf({ operators }: Scheme): readonly string[] {
  return operators ?? [plainOperator.name];
}

/**
 * Returns the operators that the kernel on each rank must have: those that the scheme's document names, or else those of the scheme that
 * the kernel has, each of which it computes by itself; the first one if it has none.
 */
export function insideOf(scheme: Scheme, claimed: readonly string[]): readonly string[] {
  const computed = operatorsOf(scheme);
  const found = computed.filter((name) => claimed.includes(name));
  return scheme.inside ?? (found.length > 0 ? found : computed.slice(0, 1));
}
