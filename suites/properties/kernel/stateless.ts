import { transformOf, untransformed, withChange } from '../../../generators/values/transform.js';
import type { Claims } from '../../../spec/claims/claims.js';
import { excludedBy } from '../../../spec/claims/excluded.js';
import type { Case, Change, Operator } from '../../../spec/types/documents.js';
import type { CallSpec, Property } from '../../contract/property.js';
import { otherShape } from '../../judging/other-shape.js';
import { firstFailure } from '../lib/first-failure.js';
import { judgeRepeated } from '../lib/repeated.js';
import { judgeUnseen } from '../lib/unseen.js';
import { claimsBackward } from './gradient.js';

/** `again` is an earlier call with the same inputs. */
interface Step extends CallSpec {
  readonly again?: number;
}

/**
 * A case, other values, the case, the case after each further change, another shape, the case;
 * similar backward, if claimed. Equal inputs must agree; the rest is judged by the oracle.
 */
export const stateless: Property = {
  name: 'stateless',
  title: 'a call depends on its inputs alone, not on the calls before it',
  perMask: false,
  perFeature: false,
  needs: { calls: 12, changes: true, passes: 20 },
  unsupported: () => undefined,
  calls: (c, claims) => stepsOf(c, claims).map(({ command, case: subject }) => ({ command, case: subject })),
  judge: (context) => {
    const steps = stepsOf(context.case, context.claims);
    return firstFailure(steps.entries(), ([call, { again }]) =>
      again === undefined ? judgeUnseen(context, call) : judgeRepeated(context, again, call),
    );
  },
};

function stepsOf(drawn: Case, claims: Claims): Step[] {
  const { capabilities } = claims;
  const c = untransformed(drawn);
  const other: Case = { ...c, values: { ...c.values, seed: c.values.seed + 1 } };
  const [forwardChanges, backwardChanges] = changesOf(drawn);
  const shape = c.packed || c.history ? undefined : otherShape(c, claims.operator(c.operator) as Operator, capabilities);
  const steps = (command: CallSpec['command'], cases: readonly Case[], first: number): Step[] =>
    cases.map((subject, call) => ({ command, case: subject, ...(subject === c && call > 0 && { again: first }) }));
  const forward = steps('forward', [c, other, c, ...afterEach(c, forwardChanges), ...(shape ? [shape] : []), c], 0);
  if (c.history || !claimsBackward(capabilities, claims.operator(c.operator)) || excludedBy(capabilities, c, true)) return forward;
  return [...forward, ...steps('backward', [c, other, c, ...afterEach(c, backwardChanges)], forward.length)];
}

/** Changes of forward and of backward calls. A case without any gets one of k or v. */
function changesOf(drawn: Case): readonly [Change[], Change[]] {
  const { seed } = drawn.values;
  const listed = transformOf(drawn.values);
  const changes = listed.length > 0 ? listed : transformOf({ ...drawn.values, changed: true });
  const isCotangent = (change: Change) => 'change' in change && (change.change === 'do' || change.change === 'dlse');
  const both = changes.filter((change) => !isCotangent(change));
  return [both, [...changes.filter(isCotangent), ...(both.length > 0 ? [both[seed % both.length]] : [])]];
}

/** Case after the first change, after the first two, … */
export function afterEach(c: Case, changes: readonly Change[]): Case[] {
  let subject = c;
  return changes.map((change) => {
    subject = withChange(subject, change);
    return subject;
  });
}
