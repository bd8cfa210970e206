import { longInputs } from '../../../generators/values/long-inputs.js';
import type { Claims } from '../../../spec/claims/claims.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import type { CallSpec, Property } from '../../contract/property.js';
import { otherShape } from '../../judging/other-shape.js';
import { firstFailure } from '../lib/first-failure.js';
import { judgeOne, judgeRepeated } from '../lib/repeated.js';
import { bothPasses } from './gradient.js';

/** One of the calls; `again`: which earlier one had the same inputs. */
interface Step extends CallSpec {
  readonly again?: number;
}

/**
 * Calls in a row over long sequences, on one kernel: a case, other values of the same shape, the case again, another shape, and the case again; the first
 * three backward too, where gradients are claimed. Tiles that are still those of the call before show in the rows that have them as a target.
 */
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
  // documents and caches have the lengths that they add up to
  const shape = c.packed || c.history ? undefined : otherShape(c, claims.operator(c.operator) as Operator, claims.capabilities);
  const shaped = shape && longInputs[c.values.distribution]?.fits(shape) ? [shape, c] : [];
  return bothPasses(c, claims).flatMap(({ command }) => {
    const forward = command === 'forward';
    const cases = [c, other, c, ...(forward ? shaped : [])];
    const first = forward ? 0 : 3 + shaped.length;
    return cases.map((subject, call): Step => ({ command, case: subject, ...(subject === c && call > 0 && { again: first }) }));
  });
}
