import type { Property } from '../../contract/property.js';
import { firstFailure } from '../lib/first-failure.js';
import { judgeOne } from '../lib/repeated.js';
import { bothPasses } from './gradient.js';

/**
 * Attention over up to a million keys with weights of every size, its queries and keys drawn from a few vectors, so that the oracle sums by them: what sums
 * over all keys drift by, what a merge of parts with maxima of their own does. How much of a row may be lost unseen follows from `numeric.chain`.
 */
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
