import { untransformed, withChange } from '../../../generators/values/transform.js';
import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { gamma, resolveNumeric } from '../../../spec/numeric/profile.js';
import { multipliesScores } from '../../../spec/operator/facts.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Property } from '../../contract/property.js';
import { judgeCall } from '../lib/compare-call.js';
import { firstFailure } from '../lib/first-failure.js';

/** The largest constant: beyond what masks and maxima that are given as numbers begin at. */
const LARGEST = 60_000;

/** Largest absolute error of a score at which its weight is still decided. */
const LARGEST_LOSS = 0.1;

/** Rounding of a product of TF32 operands. */
const TF32 = 2 ** -9;

/**
 * A case with a product in every score that adds 0, a large constant, and its opposite: the output is the same, and the LSE is larger by the
 * constant. What the constant costs in precision is in the bound that is derived for each call.
 */
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

/** 0, a constant that the implementation's profile can still tell scores apart beside, and its opposite. */
function constantsFor(c: Case, { numeric }: FullCapabilities): number[] {
  const { a, u, tf32, prescaledQ, scoresStored } = resolveNumeric(c.dtype, numeric);
  const loss = gamma(c.dims.d, a) + 3 * a + (tf32 ? TF32 : 0) + (prescaledQ ? u : 0) + (scoresStored ? u : 0);
  const most = Math.min(LARGEST, LARGEST_LOSS / loss);
  // two digits, and never more than is decided
  const digits = 10 ** (Math.floor(Math.log10(most)) - 1);
  const constant = Math.floor(most / digits) * digits;
  return [0, constant, -constant];
}
