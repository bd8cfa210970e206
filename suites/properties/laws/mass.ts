import { untransformed } from '../../../generators/values/transform.js';
import { hashOf } from '../../../spec/lib/hash.js';
import { withProbabilitiesInRange } from '../../../spec/numeric/profile.js';
import { tiedTo } from '../../../spec/operator/axes.js';
import { declaredAxes, multipliesScores } from '../../../spec/operator/facts.js';
import type { LawOf } from '../../../spec/operator/laws.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import type { Property } from '../../contract/property.js';
import { judgeRelated, underCondition, unmasked, withChanges } from '../lib/law.js';
import { lawProperty } from '../lib/law-property.js';

/**
 * Numbers of keys. All but one of them weigh less than what e4m3 rounds to 0, 2⁻¹⁰ of the largest, and all together a third of the row; not so little that it
 * is lost where the largest may grow by 2⁶ before a row is rescaled.
 */
const KEYS = [1024, 2048];

/** Largest number of queries. */
const QUERIES = 4;

/** Multiply-adds of a case: few queries of few channels, whatever the operator. */
const WORK = 6e4;

/**
 * Many keys of small weight keep their share of a row: values are all 1, and every row is the sum of its weights. One key weighs as much as 2n of the others.
 *
 * The bound is tighter than an output's. A stored probability p errs by u·p, or, where it underflows, by w, half the smallest number of its format; an
 * output may err by w for every key, in e4m3 n·2⁻¹⁰, which is a whole row from n = 1024. But w is of the implementation's own choice: it may multiply
 * probabilities with a power of two before it stores them, and divide the sum by it. If the largest of a row comes next to the format's largest number,
 * 448, w is 2⁻¹⁸ of it, and a row keeps its mass to u + n·2⁻¹⁸, beside the errors of sums and of the output. An implementation that stores numbers
 * between 0 and 1 loses a third of the row here. Formats of 16 bits have the bound of an output: their w is far below u.
 */
export const mass: Property = lawProperty({
  name: 'mass',
  title: 'many keys of small weight keep their share of a row',
  key: 'rowsSumTo',
  calls: 1,
  unmasked: true,
  needs: { distributions: ['normal'], limits: { n: KEYS, m: { max: QUERIES } }, work: WORK, shifts: true },
  asks: plantsScores,
  cases: (c, { values = ['v'], keys: [codes, ...scales] = ['k'], when }, operator) => {
    const plain = unmasked(underCondition(untransformed(c), operator, when), operator);
    const ones = [...values, ...scales].map((name) => ({ fill: name, with: 1 }));
    return [withChanges(plain, [...ones, { plant: Math.log(2 * c.dims.n), of: codes, key: heavyKey(c) }])];
  },
  judge: (context, { rowsSumTo, values = ['v'] }, _, [call]) => {
    const problem = context.problem(context.calls[call].case);
    const { outputs } = context.evaluate({ ...problem, numeric: withProbabilitiesInRange(problem.numeric) }, false);
    const expected = { ...outputs.o, value: outputs.o.value.map(() => rowsSumTo) };
    const law = `keys of small weight lose their share of a row: with ${values.join(' and ')} all 1`;
    return judgeRelated(context, law, [{ call, output: 'o', expected }]);
  },
});

/** Tells whether one key can be given another score than all others, and there may be many keys for few queries. */
function plantsScores(operator: Operator, { keys }: LawOf<'rowsSumTo'>): boolean {
  const declared = declaredAxes(operator);
  return (
    declared.q !== undefined &&
    (keys !== undefined || (multipliesScores(operator) && declared.k.includes('n'))) &&
    tiedTo(operator, ['n']).length === 1
  );
}

/** The first key, the last one, or any: kernels begin at either end, and later keys are rescaled otherwise than earlier ones. */
function heavyKey({ dims: { n }, values: { seed } }: Case): number {
  const hash = hashOf(seed, 61);
  return [0, n - 1, (hash >>> 2) % n][(hash & 3) % 3];
}
