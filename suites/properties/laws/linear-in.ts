import { untransformed } from '../../../generators/values/transform.js';
import { setOf } from '../../../spec/operator/facts.js';
import type { Change } from '../../../spec/types/documents.js';
import type { Property } from '../../contract/property.js';
import { answered, dependsOn, judgeRelated, sum, summedBounds, underCondition, withBoundOf, withChanges } from '../lib/law.js';
import { lawProperty } from '../lib/law-property.js';

/** Splitting inputs into two summands splits the outputs. */
export const linearIn: Property = lawProperty({
  name: 'linear-in',
  title: 'the output is linear in the inputs that the document names',
  key: 'linear',
  calls: 3,
  cases: (c, { linear, when }, operator) => {
    // without a condition, the case keeps its optional inputs
    const whole = when ? underCondition(c, operator, when) : untransformed(c);
    const parts: Change[][] = [[], [{ part: 0, of: linear }], [{ part: 1, of: linear }]];
    return parts.map((changes) => withChanges(whole, changes));
  },
  judge: (context, { linear }, operator, [whole, first, second]) => {
    const outputs = Object.keys(context.results[whole]).filter((output) => !setOf(operator, output) && dependsOn(operator, output, linear));
    return judgeRelated(
      context,
      `the output is not linear in ${linear.join(' and ')}: it is not the sum of the outputs of two parts`,
      outputs.map((output) => {
        const [x, y] = [answered(context, first, output), answered(context, second, output)];
        const both = { shape: x.shape, value: sum(x.value, y.value), ...summedBounds(x, y) };
        return { call: whole, output, expected: withBoundOf(context, whole, output, both) };
      }),
    );
  },
});
