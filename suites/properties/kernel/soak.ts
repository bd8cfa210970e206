import type { Claims } from '../../../spec/claims/claims.js';
import { excludedBy } from '../../../spec/claims/excluded.js';
import type { Case } from '../../../spec/types/documents.js';
import type { CallSpec, Property } from '../../contract/property.js';
import { firstFailure } from '../lib/first-failure.js';
import { judgeOne, judgeRepeated } from '../lib/repeated.js';
import { claimsBackward } from './gradient.js';

/** A fault of one call in a hundred escapes 300 calls with a probability of 5 %. */
const CALLS = 300;

/** Two calls in turns; every third is backward, if claimed. Repeated calls must agree. */
export const soak: Property = {
  name: 'soak',
  title: `${CALLS} calls in a row are all right: a race, a workspace or a counter may spoil one in a hundred`,
  perMask: false,
  perFeature: false,
  cases: 4,
  needs: { calls: CALLS },
  unsupported: () => undefined,
  calls: (c, claims) => callsOf(c, claims),
  judge: (context) => {
    const { calls } = context;
    const firsts = new Map<string, number>();
    return firstFailure(calls.entries(), ([call, spec]) => {
      const kind = `${spec.command} ${spec.case.values.seed}`;
      const first = firsts.get(kind);
      if (first !== undefined) return judgeRepeated(context, first, call);
      firsts.set(kind, call);
      return judgeOne(context, call);
    });
  },
};

function callsOf(c: Case, claims: Claims): CallSpec[] {
  const { capabilities } = claims;
  const other: Case = { ...c, values: { ...c.values, seed: c.values.seed + 1 } };
  const backward = claimsBackward(capabilities, claims.operator(c.operator)) && !excludedBy(capabilities, c, true);
  return Array.from({ length: CALLS }, (_, call) => ({
    command: backward && call % 3 === 2 ? 'backward' : 'forward',
    case: call % 2 === 0 ? c : other,
  }));
}
