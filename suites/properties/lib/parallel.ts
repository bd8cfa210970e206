import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import type { Case, Parallel } from '../../../spec/types/documents.js';
import type { CallSpec } from '../../contract/property.js';
import { claimsBackward } from '../kernel/gradient.js';

/** Adds settings of how a case runs on its ranks. */
export function onRanks(c: Case, more: Partial<Parallel>): Case {
  return { ...c, parallel: { ...(c.parallel as Parallel), ...more } };
}

/** Forward, and backward if the scheme and the kernel inside have it. */
export function bothPasses(c: Case, capabilities: FullCapabilities): CallSpec[] {
  const forward: CallSpec = { command: 'forward', case: c };
  return claimsBackward(capabilities) ? [forward, { command: 'backward', case: c }] : [forward];
}
