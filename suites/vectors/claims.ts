import { plainOperator } from '../../spec/operators/plain.js';
import type { Capabilities } from '../../spec/types/documents.js';

/** Default capabilities of vectors: softmax attention in float32, with any mask as a tensor. */
export const usualClaims: Capabilities = {
  dtypes: ['f32'],
  operators: [plainOperator.name],
  masks: ['full'],
  denseMask: 'boolean',
  options: ['scale', 'softcap', 'sink'],
  outputs: ['o', 'lse'],
  gradients: true,
};
