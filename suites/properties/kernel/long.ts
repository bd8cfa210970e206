import type { Property } from '../../contract/property.js';
import { judgeCall } from '../lib/compare-call.js';
import { firstFailure } from '../lib/first-failure.js';
import { judgeOne } from '../lib/repeated.js';
import { batchInvariant } from './batch-invariant.js';
import { bothPasses } from './gradient.js';

/** Each row targets one block of keys, which is all that the oracle needs to judge the row. */
export const longTargeted: Property = {
  name: 'long-targeted',
  title: 'every element over long sequences lies within the derived error bound, gradients too where they are claimed',
  perMask: true,
  perFeature: false,
  cases: 6,
  needs: { targeted: true, distributions: ['targeted'], limits: { d: { min: 28 } } },
  unsupported: () => undefined,
  calls: bothPasses,
  judge: (context) => firstFailure(context.calls.keys(), (call) => judgeOne(context, call)),
};

/** Half of the keys have equal weight, the rest zero: o is a mean, the LSE the log of a count. */
export const longCounted: Property = {
  name: 'long-counted',
  title: 'means over half the keys of long sequences, and the counts of these keys, lie within a bound that does not grow with the length',
  perMask: true,
  perFeature: false,
  cases: 4,
  needs: { targeted: true, distributions: ['counted'] },
  unsupported: () => undefined,
  calls: (c) => [{ command: 'forward', case: c }],
  judge: (context) => judgeCall(context, 0),
};

/** A sample of rows is judged. Cotangents are 0 elsewhere: dk and dv are sums over the sample. */
export const longContext: Property = {
  name: 'long-context',
  title: 'sampled rows of long sequences, and the gradients of keys and values that come from them, lie within the derived error bound',
  perMask: true,
  perFeature: false,
  needs: { longContext: true, distributions: ['normal', 'planted'] },
  cases: 3,
  unsupported: () => undefined,
  calls: bothPasses,
  judge: (context) => firstFailure(context.calls.keys(), (call) => judgeOne(context, call)),
};

/** Weights of every size; few distinct queries and keys, by which the oracle sums. */
export const longCodebook: Property = {
  name: 'long-codebook',
  title: 'outputs and gradients over long sequences with weights of every size lie within the derived error bound',
  perMask: true,
  perFeature: false,
  cases: 2,
  needs: { targeted: true, distributions: ['codebook'] },
  unsupported: () => undefined,
  calls: bothPasses,
  judge: (context) => firstFailure(context.calls.keys(), (call) => judgeOne(context, call)),
};

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
