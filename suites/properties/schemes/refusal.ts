import { decodeFailure } from '../../../adapters/parallel/job/job-failure.js';
import { whyUndocumented } from '../../../spec/claims/adapter-scheme.js';
import { unmetNeed } from '../../../spec/scheme/world.js';
import { worldFor } from '../../../spec/scheme/world-for.js';
import type { Property } from '../../contract/property.js';

/** A scheme refuses cases excluded by its needs, with the text of its document. */
export const refusal: Property = {
  name: 'refusal',
  title: 'cases that the needs exclude are refused, with the text of the document',
  perMask: false,
  perFeature: false,
  perScheme: true,
  outcomes: true,
  needs: { unmet: true },
  cases: 20,
  unsupported: whyUndocumented,
  calls: (c) => [{ command: 'forward', case: c }],
  judge: ({ case: c, claims, results }) => {
    const unmet = unmetNeed(worldFor(claims.library, c), c.mask) as string;
    const outcome = decodeFailure(results[0]);
    const said = outcome && 'refused' in outcome ? outcome.refused : undefined;
    if (said?.includes(unmet)) return { status: 'pass' };
    const found =
      said !== undefined ? `it was refused with other words: ${said}` : outcome ? 'it was tried, and failed' : 'it was computed';
    return { status: 'fail', class: 'refusal', message: `this must be refused, because ${unmet}; ${found}`, call: 0 };
  },
};
