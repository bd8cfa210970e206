import { longInputs } from '../../../generators/values/long-inputs.js';
import type { Claims } from '../../../spec/claims/claims.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import type { CallSpec, Property } from '../../contract/property.js';
import { otherShape } from '../../judging/other-shape.js';
import { firstFailure } from '../lib/first-failure.js';
import { judgeOne, judgeRepeated } from '../lib/repeated.js';
import { bothPasses } from './gradient.js';

/** `again` is an earlier call with the same inputs. */
interface Step extends CallSpec {
  readonly again?: number;
}

/** A stale tile of an earlier call shows in the rows that target it. */
export const longStateless: Property = {
  name: 'long-stateless',
  title: 'a call over a long sequence depends on its inputs alone, not on the calls before it',
  perMask: false,
  perFeature: false,
  cases: 4,
  needs: { targeted: true, distributions: ['targeted'], limits: { d: { min: 28 } }, calls: 4 },
  unsupported: () => undefined,
  calls: (c, claims) => stepsOf(c, claims).map(({ command, case: subject }) => ({ command, case: subject })),
  judge: (context) =>
    firstFailure(stepsOf(context.case, context.claims).entries(), ([call, { again }]) =>
      again === undefined ? judgeOne(context, call) : judgeRepeated(context, again, call),
    ),
};

function stepsOf(c: Case, claims: Claims): Step[] {
  const other: Case = { ...c, values: { ...c.values, seed: c.values.seed + 1 } };
  const shape = c.packed || c.history ? undefined : otherShape(c, claims.operator(c.operator) as Operator, claims.capabilities);
  const shaped = shape && longInputs[c.values.distribution]?.fits(shape) ? [shape, c] : [];
  return bothPasses(c, claims).flatMap(({ command }) => {
    const forward = command === 'forward';
    const cases = [c, other, c, ...(forward ? shaped : [])];
    const first = forward ? 0 : 3 + shaped.length;
    return cases.map((subject, call): Step => ({ command, case: subject, ...(subject === c && call > 0 && { again: first }) }));
  });
}
