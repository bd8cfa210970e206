import { permutedFrom } from '../../../generators/values/change-whole.js';
import type { Expected } from '../../../spec/oracle/problem.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import { firstFailure } from '../../judging/first-failure.js';
import { answered, boundOf, hasLaw, judgeRelated, lawsOf, underCondition, unmasked, whyNoLaw, withChanges } from '../../judging/law.js';
import type { Property } from '../property.js';

/** Inputs permuted along an axis: the outputs are the same, or are permuted with them. The mask is full, so that it need not be permuted. */
export const permutation: Property = {
  name: 'permutation',
  title: 'permuted inputs give the same outputs, or permuted ones, as the document says',
  perMask: false,
  perFeature: false,
  speaksOf: (operator) => hasLaw(operator, 'permute'),
  needs: { distributions: ['normal', 'integers', 'uniform'], calls: 2 },
  unsupported: (capabilities, operator) => whyNoLaw(capabilities, operator, 'permute'),
  calls: (c, claims) => {
    const operator = claims.operator(c.operator) as Operator;
    return lawsOf(claims.capabilities, operator, 'permute').flatMap(({ permute: along, together, when }) => {
      const plain = unmasked(underCondition(c, operator, when), operator);
      return [plain, withChanges(plain, [{ permute: together, along }])].map((subject) => ({ command: 'forward' as const, case: subject }));
    });
  },
  judge: (context) => {
    const operator = context.claims.operator(context.case.operator) as Operator;
    const laws = lawsOf(context.claims.capabilities, operator, 'permute');
    return firstFailure(laws.entries(), ([place, { permute: along, together, outputs: moved = [] }]) => {
      const [before, after] = [2 * place, 2 * place + 1];
      return judgeRelated(
        context,
        `${together.join(' and ')} permuted along ${along} ${moved.length > 0 ? 'do not permute the output' : 'change the output'}`,
        Object.keys(context.results[before]).map((output) => {
          const own = boundOf(context, after, output);
          const first = answered(context, before, output);
          const expected = moved.includes(output) ? permuted(first, context.calls[after].case, operator.outputs[output], along) : first;
          return { call: after, output, expected: { ...expected, bound: expected.bound.map((e, at) => e + own[at]) } };
        }),
      );
    });
  },
};

function permuted({ shape, value, bound }: Expected, c: Case, axes: readonly string[], along: string): Expected {
  const from = permutedFrom(c, axes, along) ?? ((at: number) => at);
  return { shape, value: value.map((_, at) => value[from(at)]), bound: bound.map((_, at) => bound[from(at)]) };
}
