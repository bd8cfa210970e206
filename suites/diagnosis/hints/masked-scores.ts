import { gamma } from '../../../spec/numeric/profile.js';
import { relativeError } from '../../../spec/numeric/relative-error.js';
import { SoftmaxRow } from '../../../spec/oracle/softmax-row.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import { type Tensors, valuesOf } from '../../../spec/tensor/tensor.js';
import { unravel } from '../../judging/compared.js';
import { isWithin } from './fits.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';
import { seeing } from './visibility/seeing.js';
import { type Weighing, weighed } from './weighed.js';

/** Way of applying a mask other than leaving hidden keys out. */
interface Reading {
  readonly text: string;
  readonly declare?: string;
  readonly boolean?: true;
  score?(score: number, isSeen: boolean): number;
  readonly error?: number;
  /** Factor of the weights after the softmax. */
  weight?(isSeen: boolean): number;
}

/** Number added to hidden scores, and the error of float32 scores of that size. */
const LOW = -10000;
const LOW_ERROR = 2 ** -11;

const OVERFLOW = 65520;

const readings: readonly Reading[] = [
  {
    text: 'a boolean mask that is added to the scores, true as 1 and false as 0',
    declare: '"denseMask": "additive" in its capabilities',
    boolean: true,
    score: (score, isSeen) => score + Number(isSeen),
  },
  { text: 'scores multiplied by the mask: scores of hidden keys are 0 instead of −∞', score: (score, isSeen) => (isSeen ? score : 0) },
  { text: 'weights multiplied by the mask after the softmax: they sum to less than 1', weight: Number },
  {
    text: 'a row that sees no key attends to all of them: scores of hidden keys are lowered by 10000 instead of set to −∞',
    score: (score, isSeen) => (isSeen ? score : score + LOW),
    error: LOW_ERROR,
  },
];

/** Masks under which hidden keys keep a score. */
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
  if (c.dtype !== 'f16') return;
  yield {
    text: 'scores that are stored in float16 before the mask is added: a hidden score beyond 65504 is ∞, and takes all the weight',
    problem,
    explains: (answer, outputs) => overflows(problem, unmasked, answer, outputs),
  };
}

/**
 * Tells whether some rows are NaN or the mean of the values with infinite float16 scores, and all
 * other rows right. Rows whose scores may be infinite, by their bounds, may be either. Undefined if
 * no row must overflow and no row looks like it.
 */
function overflows(problem: Problem, unmasked: Problem, answer: Expectation, outputs: Tensors): boolean | undefined {
  if (!outputs.o) return false;
  const { o, lse } = answer.outputs;
  const [value, bound, actual] = [o.value.slice(), o.bound.slice(), valuesOf(outputs.o)];
  const { a, t } = problem.numeric;
  const e = o.shape[3];
  const row = new SoftmaxRow(unmasked);
  let [mustBe, isSome] = [false, false];
  for (let at = 0; at < lse.value.length; at++) {
    const [b, h, i] = unravel(at, lse.shape);
    if (answer.rows?.[at] === 0 || !row.load(b, h, i)) continue;
    const { count, key, score, scoreBound, n } = row;
    const infinite = Array.from({ length: count }, (_, c) => c).filter((c) => score[c] + scoreBound[c] >= OVERFLOW);
    if (infinite.length === 0) continue;
    mustBe ||= infinite.some((c) => score[c] - scoreBound[c] >= OVERFLOW);
    const base = (b * row.keyHeads + row.keyHead(h)) * n;
    const parts = Array.from({ length: e }, (_, x) =>
      infinite.map((c) => unmasked.inputs.v.data[(base + key[c]) * e + x] / infinite.length),
    );
    const mean = parts.map((of) => of.reduce((sum, part) => sum + part, 0));
    const off = (from: ArrayLike<number>, start: number) =>
      mean.reduce((sum, _, x) => sum + Math.abs(actual[at * e + x] - from[start + x]), 0);
    // ∞ − ∞, in kernels that subtract the maximum
    const isNone = Number.isNaN(actual[at * e]);
    if (!isNone && !(off(mean, 0) < off(o.value, at * e))) continue;
    isSome = true;
    for (let x = 0; x < e; x++) {
      value[at * e + x] = isNone ? Number.NaN : mean[x];
      bound[at * e + x] = gamma(infinite.length + 8, a) * parts[x].reduce((sum, part) => sum + Math.abs(part), 0) + t;
    }
  }
  if (!isSome) return mustBe ? false : undefined;
  const other = { ...answer, outputs: { ...answer.outputs, o: { shape: o.shape, value, bound } } };
  return isWithin(problem, other, { o: outputs.o });
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
