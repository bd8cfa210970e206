import type { Property } from '../../contract/property.js';
import { batchInvariant } from './batch-invariant.js';

/**
 * Batch invariance over long sequences, which kernels split by how many processors the batch leaves
 * idle. Weights differ: one-hot or equal weights would merge to the same bits in any split.
 */
export const longBatchInvariant: Property = {
  ...batchInvariant,
  name: 'long-batch-invariant',
  title: 'over long sequences a batch entry gives the same bits alone and among others',
  needs: { targeted: true, distributions: ['codebook'], batches: true, limits: { b: { min: 2 } }, calls: 6 },
  cases: 3,
};
