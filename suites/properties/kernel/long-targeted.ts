import type { Property } from '../../contract/property.js';
import { firstFailure } from '../lib/first-failure.js';
import { judgeOne } from '../lib/repeated.js';
import { bothPasses } from './gradient.js';

/**
 * Attention over up to a million keys, with every element of the output, the LSE and the gradients judged: inputs are chosen so that each row has one block
 * of keys as its target, and the oracle needs those alone. A key that is lost, doubled, swapped or stale shows in the rows that have it as a target.
 */
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
