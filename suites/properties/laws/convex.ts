import { hasRowsOfQueries } from '../../../spec/operator/facts.js';
import type { Operator } from '../../../spec/types/documents.js';
import { firstFailure } from '../../judging/first-failure.js';
import { boundOf, hasLaw, judgeRelated, lawsOf, underCondition, unmasked, whyNoLaw, withChanges } from '../../judging/law.js';
import type { Property } from '../property.js';

/** Values that are all 1: every row of o that sees a key is the sum of its weights. */
export const convex: Property = {
  name: 'convex',
  title: 'the weights of a row sum to the number that the document says',
  perMask: false,
  perFeature: false,
  speaksOf: (operator) => hasLaw(operator, 'rowsSumTo'),
  needs: { distributions: ['normal', 'integers', 'uniform'], calls: 1 },
  unsupported: (capabilities, operator) => whyNoLaw(capabilities, operator, 'rowsSumTo'),
  calls: (c, claims) => {
    const operator = claims.operator(c.operator) as Operator;
    return lawsOf(claims.capabilities, operator, 'rowsSumTo').map(({ values = ['v'], when }) => ({
      command: 'forward',
      case: withChanges(
        // where o has no rows of queries, those that see no key could not be told from others
        hasRowsOfQueries(operator, 'o') ? underCondition(c, operator, when) : unmasked(underCondition(c, operator, when), operator),
        values.map((name) => ({ fill: name, with: 1 })),
      ),
    }));
  },
  judge: (context) => {
    const operator = context.claims.operator(context.case.operator) as Operator;
    const laws = lawsOf(context.claims.capabilities, operator, 'rowsSumTo');
    return firstFailure(laws.entries(), ([call, { rowsSumTo, values = ['v'] }]) => {
      const { outputs, empty } = context.expectation(context.calls[call].case, false);
      const { shape, value } = outputs.o;
      const expected = { shape, value: value.map(() => rowsSumTo), bound: boundOf(context, call, 'o') };
      // a row without keys has no weights
      const judged = empty.includes(1) ? empty.map((row) => 1 - row) : undefined;
      const law = `the weights do not sum to ${rowsSumTo}: with ${values.join(' and ')} all 1`;
      return judgeRelated(context, law, [{ call, output: 'o', expected, ...(judged && { judged }) }]);
    });
  },
};
