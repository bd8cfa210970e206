import { excludedBy } from '../../../spec/claims/excluded.js';
import type { CallSpec, Property } from '../../contract/property.js';
import { sameAnswers } from '../lib/same-answers.js';
import { claimsBackward } from './gradient.js';

/** The same call twice gives the same bits; backward too, if claimed. */
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
  judge: (context) => {
    const { results } = context;
    for (let call = 0; call < results.length; call += 2) {
      const pair = { first: call, before: results[call], after: results[call + 1] };
      const failure = sameAnswers(context, pair, {
        class: 'not-deterministic',
        call: call + 1,
        describe: (place, first, second) => `${place} is ${first} in one call and ${second} in another with the same inputs`,
      });
      if (failure) return failure;
    }
    return { status: 'pass' };
  },
};
