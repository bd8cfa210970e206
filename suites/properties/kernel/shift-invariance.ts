import { untransformed, withChange } from '../../../generators/values/transform.js';
import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { gamma, resolveNumeric } from '../../../spec/numeric/profile.js';
import { multipliesScores } from '../../../spec/operator/facts.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Property } from '../../contract/property.js';
import { judgeCall } from '../lib/compare-call.js';
import { firstFailure } from '../lib/first-failure.js';

/** Largest constant: exceeds the finite starts of masks and maxima. */
const LARGEST = 60_000;

/** Largest error of a score whose weight is still decided. */
const LARGEST_LOSS = 0.1;

const TF32 = 2 ** -9;

/** An extra product shifts all scores and the LSE. Each call's bound includes lost precision. */
export const shiftInvariance: Property = {
  name: 'shift-invariance',
  title: 'a constant added to every score changes nothing but the LSE',
  perMask: false,
  perFeature: false,
  needs: {
    calls: 3,
    passes: 3,
    shifts: true,
    distributions: ['normal', 'integers', 'uniform', 'planted', 'near-tied', 'offset', 'peaked'],
  },
  unsupported: (_, operator) => (operator === undefined || multipliesScores(operator) ? undefined : `${operator.name} has no scores q·k`),
  calls: (c, { capabilities }) =>
    constantsFor(c, capabilities).map((add) => ({ command: 'forward', case: withChange(untransformed(c), { add, to: 'scores' }) })),
  judge: (context) => {
    const constants = constantsFor(context.case, context.claims.capabilities);
    return firstFailure(constants.entries(), ([call, add]) => {
      const judgement = judgeCall(context, call);
      if (judgement.status !== 'fail' || add === 0) return judgement;
      return { ...judgement, message: `with ${add} added to every score, which changes nothing but the LSE: ${judgement.message}` };
    });
  },
};

function constantsFor(c: Case, { numeric }: FullCapabilities): number[] {
  const { a, u, tf32, prescaledQ, scoresStored } = resolveNumeric(c.dtype, numeric);
  const loss = gamma(c.dims.d, a) + 3 * a + (tf32 ? TF32 : 0) + (prescaledQ ? u : 0) + (scoresStored ? u : 0);
  const most = Math.min(LARGEST, LARGEST_LOSS / loss);
  // rounded down to two digits
  const digits = 10 ** (Math.floor(Math.log10(most)) - 1);
  const constant = Math.floor(most / digits) * digits;
  return [0, constant, -constant];
}
