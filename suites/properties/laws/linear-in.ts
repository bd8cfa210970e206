import type { Case, Change, Operator } from '../../../spec/types/documents.js';
import { firstFailure } from '../../judging/first-failure.js';
import { answered, boundOf, dependsOn, hasLaw, judgeRelated, lawsOf, underCondition, whyNoLaw, withChanges } from '../../judging/law.js';
import type { Property } from '../property.js';

/** The inputs cut into two parts that add up to them: the outputs add up too. */
export const linearIn: Property = {
  name: 'linear-in',
  title: 'the output is linear in the inputs that the document says',
  perMask: false,
  perFeature: false,
  speaksOf: (operator) => hasLaw(operator, 'linear'),
  needs: { distributions: ['normal', 'integers', 'uniform'], calls: 3 },
  unsupported: (capabilities, operator) => whyNoLaw(capabilities, operator, 'linear'),
  calls: (c, claims) => {
    const operator = claims.operator(c.operator) as Operator;
    return lawsOf(claims.capabilities, operator, 'linear').flatMap(({ linear, when }) => {
      const parts: (readonly Change[])[] = [[], [{ part: 0, of: linear }], [{ part: 1, of: linear }]];
      return parts.map((changes) => ({ command: 'forward' as const, case: withChanges(kept(c, operator, when), changes) }));
    });
  },
  judge: (context) => {
    const operator = context.claims.operator(context.case.operator) as Operator;
    const laws = lawsOf(context.claims.capabilities, operator, 'linear');
    return firstFailure(laws.entries(), ([place, { linear }]) => {
      const [whole, first, second] = [0, 1, 2].map((part) => 3 * place + part);
      const outputs = Object.keys(context.results[whole]).filter((output) => dependsOn(operator, output, linear));
      return judgeRelated(
        context,
        `the output is not linear in ${linear.join(' and ')}: it is not the sum of those of two parts`,
        outputs.map((output) => {
          const [x, y] = [answered(context, first, output), answered(context, second, output)];
          const own = boundOf(context, whole, output);
          return {
            call: whole,
            output,
            expected: {
              shape: x.shape,
              value: x.value.map((v, at) => v + y.value[at]),
              bound: x.bound.map((e, at) => e + y.bound[at] + own[at]),
            },
          };
        }),
      );
    });
  },
};

/** The case under a condition, where the law has one; else as it was drawn, with its optional inputs. */
function kept(c: Case, operator: Operator, when: Record<string, number> | undefined): Case {
  return when ? underCondition(c, operator, when) : withoutTransform(c);
}

function withoutTransform(c: Case): Case {
  const { transform: _, ...values } = c.values;
  return { ...c, values };
}
