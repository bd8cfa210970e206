import { firstLaterQuery } from '../../../generators/values/change-whole.js';
import { untransformed } from '../../../generators/values/transform.js';
import { hasRowsOfQueries, queryAxisOf } from '../../../spec/operator/facts.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import type { JudgeContext, Property } from '../../contract/property.js';
import { answered, judgeRelated, withBoundOf, withChanges } from '../lib/law.js';

/** Changing later tokens leaves the outputs of earlier queries unchanged. */
export const causal: Property = {
  name: 'causal',
  title: 'the output of a query does not depend on later tokens',
  perMask: false,
  perFeature: false,
  law: true,
  speaksOf: (operator) => operator.laws?.includes('causal') ?? false,
  needs: { distributions: ['normal', 'integers', 'uniform'], calls: 2 },
  unsupported: (_, operator) =>
    operator === undefined || operator.laws?.includes('causal') ? undefined : `${operator.name} is not said to be causal`,
  calls: (c) => {
    const plain = untransformed(c);
    return [plain, withChanges(plain, [{ later: laterIn(c) }])].map((subject) => ({ command: 'forward', case: subject }));
  },
  judge: (context) => {
    const operator = context.claims.operator(context.case.operator) as Operator;
    const outputs = Object.keys(context.results[0]).filter((output) => hasRowsOfQueries(operator, output));
    return judgeRelated(
      context,
      `tokens from ${laterIn(context.case)} on were changed, and the output of an earlier query changed too`,
      outputs.map((output) => ({
        call: 1,
        output,
        expected: withBoundOf(context, 1, output, answered(context, 0, output)),
        judged: earlierRows(context, operator),
      })),
    );
  },
};

function laterIn({ dims }: Case): number {
  return Math.ceil(dims.n / 2);
}

/** Marks [b, hk·g, m] of the queries before the first changed token. */
function earlierRows({ case: c }: JudgeContext, operator: Operator): Uint8Array {
  const { b, hk, g, m, n } = c.dims;
  const rows = queryAxisOf(operator) === 'n' ? n : m;
  const first = queryAxisOf(operator) === 'n' ? laterIn(c) : firstLaterQuery(c, laterIn(c));
  return Uint8Array.from({ length: b * hk * g * rows }, (_, row) => (row % rows < first ? 1 : 0));
}
