import { permutedFrom } from '../../../generators/values/change-whole.js';
import type { Expected } from '../../../spec/problem.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Property } from '../../contract/property.js';
import { answered, judgeRelated, mappedBounds, underCondition, unmasked, withBoundOf, withChanges } from '../lib/law.js';
import { lawProperty } from '../lib/law-property.js';

/** Permuting inputs along an axis permutes the outputs or leaves them. The mask is full. */
export const permutation: Property = lawProperty({
  name: 'permutation',
  title: 'permuted inputs give the same outputs, or permuted outputs, as the document states',
  key: 'permute',
  calls: 2,
  unmasked: true,
  cases: (c, { permute: along, together, when }, operator) => {
    const plain = unmasked(underCondition(c, operator, when), operator);
    return [plain, withChanges(plain, [{ permute: together, along }])];
  },
  judge: (context, { permute: along, together, outputs: moved = [] }, operator, [before, after]) =>
    judgeRelated(
      context,
      `${together.join(' and ')} permuted along ${along} ${moved.length > 0 ? 'do not permute the output' : 'change the output'}`,
      Object.keys(context.results[before]).map((output) => {
        const first = answered(context, before, output);
        const expected = moved.includes(output) ? permuted(first, context.calls[after].case, operator.outputs[output], along) : first;
        return { call: after, output, expected: withBoundOf(context, after, output, expected) };
      }),
    ),
});

function permuted(t: Expected, c: Case, axes: readonly string[], along: string): Expected {
  const from = permutedFrom(c, axes, along) ?? ((at: number) => at);
  const moved = (all: Float64Array) => all.map((_, at) => all[from(at)]);
  return { shape: t.shape, value: moved(t.value), ...mappedBounds(t, moved) };
}
