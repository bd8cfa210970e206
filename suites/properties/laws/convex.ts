import { hasRowsOfQueries } from '../../../spec/operator/facts.js';
import type { Property } from '../../contract/property.js';
import { judgeRelated, underCondition, unmasked, withChanges } from '../lib/law.js';
import { lawProperty } from '../lib/law-property.js';

/** With values of 1, each row of o with a key is the sum of its weights. */
export const convex: Property = lawProperty({
  name: 'convex',
  title: 'the weights of a row sum to the number that the document states',
  key: 'rowsSumTo',
  calls: 1,
  cases: (c, { values = ['v'], when }, operator) => {
    const plain = underCondition(c, operator, when);
    // without rows of queries in o, empty rows cannot be told apart
    const told = hasRowsOfQueries(operator, 'o') ? plain : unmasked(plain, operator);
    return [
      withChanges(
        told,
        values.map((name) => ({ fill: name, with: 1 })),
      ),
    ];
  },
  judge: (context, { rowsSumTo, values = ['v'] }, _, [call]) => {
    const { outputs, empty } = context.expectation(context.calls[call].case, false);
    const expected = { ...outputs.o, value: outputs.o.value.map(() => rowsSumTo) };
    const judged = empty.includes(1) ? empty.map((row) => 1 - row) : undefined;
    const law = `the weights do not sum to ${rowsSumTo}: with ${values.join(' and ')} all 1`;
    return judgeRelated(context, law, [{ call, output: 'o', expected, ...(judged && { judged }) }]);
  },
});
