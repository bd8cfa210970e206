import { excludedBy } from '../../../spec/claims/capabilities.js';
import { sameBits } from '../../judging/bits.js';
import type { CallSpec, Property } from '../property.js';
import { claimsBackward } from './gradient.js';

/** The same call twice gives the same bits: forward, and backward where that is claimed too. */
export const deterministic: Property = {
  name: 'deterministic',
  title: 'the same call twice gives the same bits',
  perMask: false,
  perFeature: false,
  needs: { passes: 6 },
  unsupported: ({ deterministic: claimed }) => (claimed.forward ? undefined : 'a deterministic forward pass is not claimed'),
  calls: (c, claims) => {
    const { capabilities } = claims;
    const forward: CallSpec = { command: 'forward', case: c };
    if (
      !capabilities.deterministic.backward ||
      !claimsBackward(capabilities, claims.operator(c.operator)) ||
      excludedBy(capabilities, c, true)
    )
      return [forward, forward];
    const backward: CallSpec = { command: 'backward', case: c };
    return [forward, forward, backward, backward];
  },
  judge: ({ results }) => {
    for (let call = 0; call < results.length; call += 2) {
      const failure = sameBits(results[call], results[call + 1], {
        class: 'not-deterministic',
        call: call + 1,
        describe: (place, first, second) => `${place} is ${first} in one call and ${second} in another with the same inputs`,
      });
      if (failure) return failure;
    }
    return { status: 'pass' };
  },
};
