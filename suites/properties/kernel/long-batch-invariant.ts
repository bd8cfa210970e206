import type { Property } from '../../contract/property.js';
import { batchInvariant } from './batch-invariant.js';

/**
 * The same over long sequences, where kernels cut the keys into splits by how many processors the batch leaves idle. Weights are of every size: with
 * targets, or with weights that are alike, results of splits would merge to the same bits however they are cut.
 */
export const longBatchInvariant: Property = {
  ...batchInvariant,
  name: 'long-batch-invariant',
  title: 'over long sequences a batch entry gives the same bits alone and among others',
  needs: { targeted: true, distributions: ['codebook'], batches: true, limits: { b: { min: 2 } }, calls: 6 },
  cases: 3,
};
