import { resolveCapabilities } from '../../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../../spec/library.js';
import type { Capabilities, Case } from '../../../../../spec/types/documents.js';

export const library = createLibrary();

/** Claims of a kernel of softmax attention in float64. */
export const claimsOf = (more: Partial<Capabilities> = {}): Claims =>
  Claims.of(library, resolveCapabilities({ dtypes: ['f64'], operators: ['softmax'], masks: ['full'], ...more }, 'test'));

/** A case on the ranks of a scheme. */
export const caseOn = (scheme: string, ranks: number, n = 24, m = n): Case => ({
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 2, m, n, d: 2, e: 3 },
  mask: { name: 'full' },
  options: {},
  dtype: 'f64',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 0 },
  parallel: { scheme, ranks },
});
