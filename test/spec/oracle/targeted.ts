import { problemOf } from '../../../generators/problem.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import type { Problem } from '../../../spec/problem.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import type { Case, Dims, Distribution, Mask, Numeric } from '../../../spec/types/documents.js';

export const targetedLibrary = createLibrary();

/** What differs from one causal head of 64 columns in f32. */
export interface Changes {
  readonly dims?: Partial<Dims>;
  readonly mask?: Mask;
  readonly options?: Case['options'];
  readonly dtype?: DType;
  readonly seed?: number;
  readonly numeric?: Numeric;
  readonly distribution?: Distribution;
}

export function targetedClaims({ dtype = 'f32', numeric = {} }: Changes): Claims {
  const capabilities = {
    dtypes: [dtype],
    operators: ['softmax'],
    masks: ['full', 'causal', 'sliding-window', 'document-causal', 'sink-tokens'],
    options: ['scale', 'softcap', 'sink'],
    outputs: ['o', 'lse'],
    gradients: ['q', 'k', 'v', 'dlse'],
    numeric,
  };
  return Claims.of(targetedLibrary, resolveCapabilities(capabilities, 'test'));
}

export function targetedCase({
  dims = {},
  mask = { name: 'causal' },
  options = {},
  dtype = 'f32',
  seed = 5,
  distribution = 'targeted',
}: Changes = {}): Case {
  const n = dims.n ?? 512;
  const sizes: Dims = { b: 1, hk: 1, g: 1, m: n, n, d: 64, e: dims.d ?? 64, ...dims };
  return { operator: 'softmax', dims: sizes, mask, options, dtype, layout: 'bhld', values: { distribution, seed } };
}

/** Problem with cotangents whose rows have targets. */
export function targetedProblem(changes: Changes = {}): Problem {
  return problemOf(targetedClaims(changes), targetedCase(changes), true);
}
