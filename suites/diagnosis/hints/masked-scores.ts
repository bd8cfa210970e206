import { gamma } from '../../../spec/numeric/profile.js';
import { relativeError } from '../../../spec/numeric/relative-error.js';
import type { Problem } from '../../../spec/oracle/problem.js';
import type { SoftmaxRow } from '../../../spec/oracle/softmax-row.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';
import { seeing } from './visibility/seeing.js';
import { type Weighing, weighed } from './weighed.js';

/** Way in which a kernel reads its mask, in place of leaving hidden keys out. */
interface Reading {
  readonly text: string;
  readonly declare?: string;
  /** True for what only a mask of booleans suffers. */
  readonly boolean?: true;
  score?(score: number, isSeen: boolean): number;
  /** Error of the score, beside its own. */
  readonly error?: number;
  /** Multiplied to the weights after the softmax. */
  weight?(isSeen: boolean): number;
}

/** Number that kernels add to the scores of hidden keys, and the error of scores that are rounded to float32 beside it. */
const LOW = -10000;
const LOW_ERROR = 2 ** -11;

const readings: readonly Reading[] = [
  {
    text: 'a boolean mask that is added to the scores, true as 1 and false as 0',
    declare: '"denseMask": "additive" in its capabilities',
    boolean: true,
    score: (score, isSeen) => score + Number(isSeen),
  },
  { text: 'scores multiplied by the mask: those of hidden keys are 0 instead of −∞', score: (score, isSeen) => (isSeen ? score : 0) },
  { text: 'weights multiplied by the mask after the softmax: they sum to less than 1', weight: Number },
  {
    text: 'a row that sees no key attends to all of them: scores of hidden keys are lowered by 10000 instead of set to −∞',
    score: (score, isSeen) => (isSeen ? score : score + LOW),
    error: LOW_ERROR,
  },
];

/** Masks that leave hidden keys a score. */
export function* maskedScoreHypotheses({ problem, booleanMask, backward }: Subject): Generator<ProblemHypothesis> {
  const { mask, inputs, case: c } = problem;
  if (backward || inputs.sink || mask.segmentOf || c.block) return;
  const unmasked = seeing(problem, { visible: () => true });
  for (const { text, declare, boolean, ...reading } of readings) {
    if (boolean && !booleanMask) continue;
    yield {
      text,
      ...(declare !== undefined && { declare }),
      problem: unmasked,
      after: (answer) => weighed(unmasked, answer, (row, b, h, i) => read(problem, row, reading, (j) => mask.visible(b, h, i, j))),
      byRow: true,
    };
  }
}

function read(
  { numeric: { a } }: Problem,
  { count, key, score, scoreBound, lse: own }: SoftmaxRow,
  { score: scored = (s) => s, weight: weighs = () => 1, error = 0 }: Omit<Reading, 'text'>,
  isSeen: (key: number) => boolean,
): Weighing {
  const seen = Array.from({ length: count }, (_, c) => isSeen(key[c]));
  const changed = seen.map((is, c) => scored(score[c], is));
  const max = Math.max(...changed);
  const lse = max + Math.log(changed.reduce((sum, s) => sum + Math.exp(s - max), 0));
  const summed = gamma(count + 8, a);
  return {
    weight: Float64Array.from(changed, (s, c) => weighs(seen[c]) * Math.exp(s - lse)),
    relative: Float64Array.from(changed, (s, c) => 2 * (relativeError(scoreBound[c] + error) + (6 + 3 * (max - s)) * a) + summed),
    lse: lse - own,
  };
}
