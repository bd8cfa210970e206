import type { Property } from '../../contract/property.js';
import { firstFailure } from '../lib/first-failure.js';
import { judgeOne } from '../lib/repeated.js';
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
