import { excludedBy } from '../../../spec/claims/capabilities.js';
import { firstFailure } from '../../judging/first-failure.js';
import { judgeOne } from '../../judging/repeated.js';
import type { CallSpec, Property } from '../property.js';
import { claimsBackward } from './gradient.js';

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
  calls: (c, claims) => {
    const { capabilities } = claims;
    const backward = claimsBackward(capabilities, claims.operator(c.operator)) && !excludedBy(capabilities, c, true);
    return [{ command: 'forward', case: c }, ...(backward ? [{ command: 'backward', case: c } satisfies CallSpec] : [])];
  },
  judge: (context) => firstFailure(context.calls.keys(), (call) => judgeOne(context, call)),
};
