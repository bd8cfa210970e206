import { plainOperator } from '../operators/plain.js';
import type { Scheme } from '../types/documents.js';

/** Operators that a scheme computes. */
export function operatorsOf({ operators }: Scheme): readonly string[] {
  return operators ?? [plainOperator.name];
}

/** Operators of the kernel on each rank: the document's, the claimed ones, or the first. */
export function insideOf(scheme: Scheme, claimed: readonly string[]): readonly string[] {
  const computed = operatorsOf(scheme);
  const found = computed.filter((name) => claimed.includes(name));
  return scheme.inside ?? (found.length > 0 ? found : computed.slice(0, 1));
}
