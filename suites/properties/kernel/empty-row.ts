import { excludedBy } from '../../../spec/claims/excluded.js';
import { hasRowsOfQueries } from '../../../spec/operator/facts.js';
import { decidesEmptyRows } from '../../../spec/program/empty-rows.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import type { FailJudgement, JudgeContext, Property } from '../../contract/property.js';
import { comparandsOf } from '../../judging/comparands.js';
import { compareOutput, worse } from '../../judging/compare.js';
import { failureOf } from '../../judging/conclude.js';
import { mayLeaveRowsEmpty } from '../../judging/mask-claims.js';
import { judgeCall } from '../lib/compare-call.js';
import { claimsBackward } from './gradient.js';

/** Rows without keys follow the dialect, have zero gradients and do not change other rows. */
export const emptyRow: Property = {
  name: 'empty-row',
  title: 'rows that see no key have the values of the dialect, and harm no other row',
  perMask: false,
  perFeature: false,
  needs: { emptyRows: true, passes: 4 },
  unsupported: (capabilities, operator) => {
    if (!mayLeaveRowsEmpty(capabilities, operator)) return 'no claimed mask leaves a row without keys';
    return operator && !decidesEmptyRows(operator)
      ? `the program of ${operator.name} gives 0/0 for a row without keys, and its document does not define the result by "emptyRow"`
      : undefined;
  },
  calls: (c, { capabilities }) => {
    const subject = withoutSink(c);
    const backward = claimsBackward(capabilities) && !excludedBy(capabilities, subject, true);
    return [{ command: 'forward', case: subject }, ...(backward ? [{ command: 'backward' as const, case: subject }] : [])];
  },
  judge: (context) => {
    const { empty } = context.expectation(context.calls[0].case, false);
    if (!empty.includes(1)) return { status: 'undecided', reason: 'no empty row' };
    const forward = judgeCall(context, 0);
    if (forward.status !== 'pass' || context.results.length === 1) return forward;
    return gradientFailure(context) ?? forward;
  },
};

/** Removes the sink, as a row with a sink is never empty. */
function withoutSink(c: Case): Case {
  const { sink: _, ...options } = c.options;
  return { ...c, options };
}

/** Fails a nonzero dq of an empty row, and NaN or ∞ in a gradient. `gradient` judges the rest. */
function gradientFailure(context: JudgeContext): FailJudgement | undefined {
  const c = context.calls[1].case;
  if (!suspicious(context)) return undefined;
  const worst = comparandsOf(context.problem(c, true), context.expectation(c, true), context.results[1])
    .map((comparand) => compareOutput(comparand).worst)
    .reduce(worse, undefined);
  return worst && (worst.class === 'nan' || worst.class === 'empty-row') ? failureOf(worst, 1) : undefined;
}

/** Cheap test that spares the oracle's gradients. */
function suspicious(context: JudgeContext): boolean {
  const { empty } = context.expectation(context.calls[0].case, false);
  const { operator } = context.problem(context.calls[0].case);
  return Object.entries(context.results[1]).some(([name, tensor]) => {
    const values = valuesOf(tensor);
    if (!values.every(Number.isFinite)) return true;
    if (name !== 'dq' || !hasRowsOfQueries(operator, name)) return false;
    const rowLength = values.length / empty.length;
    return values.some((x, i) => x !== 0 && empty[Math.floor(i / rowLength)] === 1);
  });
}
