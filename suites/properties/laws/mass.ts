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
 * Numbers of keys. All but one weigh below 2⁻¹⁰ of the largest, which e4m3 rounds to 0, and
 * together a third of the row; they survive a maximum that may grow by 2⁶ before a rescale.
 */
const KEYS = [1024, 2048];

const QUERIES = 4;

const WORK = 6e4;

/**
 * Many keys of small weight keep their share of a row: with values of 1, o is the sum of weights.
 * One key weighs as much as 2n of the rest.
 *
 * The bound is tighter than an output's. A stored probability p errs by u·p or, on underflow, by w,
 * half the format's smallest number; an output may err by w per key, in e4m3 by n·2⁻¹⁰: a whole row
 * from n = 1024. But the implementation may scale probabilities by a power of two before storing
 * them. If a row's largest comes near the format's largest number, 448, w is 2⁻¹⁸ of it, and a row
 * keeps its mass to u + n·2⁻¹⁸. Storing numbers between 0 and 1 loses a third of the row. 16-bit
 * formats keep an output's bound: their w is far below u.
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

function plantsScores(operator: Operator, { keys }: LawOf<'rowsSumTo'>): boolean {
  const declared = declaredAxes(operator);
  return (
    declared.q !== undefined &&
    (keys !== undefined || (multipliesScores(operator) && declared.k.includes('n'))) &&
    tiedTo(operator, ['n']).length === 1
  );
}

/** First, last or any key: later keys are rescaled otherwise than earlier ones. */
function heavyKey({ dims: { n }, values: { seed } }: Case): number {
  const hash = hashOf(seed, 61);
  return [0, n - 1, (hash >>> 2) % n][(hash & 3) % 3];
}
