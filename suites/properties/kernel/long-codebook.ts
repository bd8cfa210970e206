import type { Property } from '../../contract/property.js';
import { firstFailure } from '../lib/first-failure.js';
import { judgeOne } from '../lib/repeated.js';
import { bothPasses } from './gradient.js';

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
