import type { Case, Parallel } from '../../../spec/types/documents.js';
import { claimsBackward } from '../gradient.js';
import type { CallSpec, Property } from '../property.js';

type Claims = Parameters<Property['calls']>[1];

/** The case with more said of how it is run on its ranks. */
export function onRanks(c: Case, more: Partial<Parallel>): Case {
  return { ...c, parallel: { ...(c.parallel as Parallel), ...more } };
}

/** Both passes, where the scheme and the kernel inside have a backward one. */
export function bothPasses(c: Case, capabilities: Claims): CallSpec[] {
  const forward: CallSpec = { command: 'forward', case: c };
  return claimsBackward(capabilities) ? [forward, { command: 'backward', case: c }] : [forward];
}
