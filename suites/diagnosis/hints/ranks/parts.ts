import { gamma } from '../../../../spec/numeric/profile.js';
import { relativeError } from '../../../../spec/numeric/relative-error.js';
import type { Expectation, Problem } from '../../../../spec/problem.js';
import type { ProblemHypothesis, Subject } from '../hypothesis.js';
import { seeing } from '../visibility/seeing.js';
import { weighed } from '../weighed.js';
import type { Placement } from './placement.js';

/** Weights of two partial results of a row by their LSEs, and their joint LSE. */
type Weigh = (x: number, y: number) => { readonly wx: number; readonly wy: number; readonly lse: number };

const averaged: Weigh = (x, y) => ({ wx: 1 / 2, wy: 1 / 2, lse: Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y))) });
const inBase2: Weigh = (x, y) => {
  const max = Math.max(x, y);
  const [wx, wy] = [2 ** (x - max), 2 ** (y - max)];
  return { wx: wx / (wx + wy), wy: wy / (wx + wy), lse: max + Math.log2(wx + wy) };
};

/** Wrong merges of a ring's partial results, from the own block back through the ranks before. */
export function* mergedParts(problem: Problem, evaluate: Subject['evaluate'], placement: Placement): Generator<ProblemHypothesis> {
  // the rank that counts the sink is unknown
  const untold = problem.inputs.sink !== undefined;
  const merged = (text: string, weigh: Weigh): ProblemHypothesis => ({
    text,
    problem,
    untold,
    after: (answer) => mergedBy(problem, evaluate, placement, answer, weigh),
  });
  yield merged('partial results of the ranks that are averaged, not weighted by their LSEs', averaged);
  yield merged('partial results of the ranks that are merged by LSEs in base e as if their base were 2', inBase2);
  yield {
    text: 'ranks whose own keys count twice',
    problem,
    untold,
    byRow: true,
    after: (answer) => withOwnTwice(problem, answer, placement.owner),
  };
}

function mergedBy(
  problem: Problem,
  evaluate: Subject['evaluate'],
  { owner, tokens }: Placement,
  answer: Expectation,
  weigh: Weigh,
): Expectation {
  const { visible } = problem.mask;
  const parts = tokens.map(
    (_, rank) => evaluate(seeing(problem, { visible: (b, h, i, j) => owner[j] === rank && visible(b, h, i, j) }), false).outputs,
  );
  const copy = ({ shape, value, bound }: (typeof answer.outputs)[string]) => ({ shape, value: value.slice(), bound: bound.slice() });
  const [o, lse] = [copy(answer.outputs.o), copy(answer.outputs.lse)];
  const [m, e] = [lse.shape[2], o.shape[3]];
  const { a } = problem.numeric;
  for (let row = 0; row < lse.value.length; row++) {
    const rank = owner[row % m];
    const there = parts
      .map((_, step) => parts[(rank - step + parts.length) % parts.length])
      .filter((part) => Number.isFinite(part.lse.value[row]));
    if (there.length < 2) continue;
    const own = there[0].lse;
    let [sum, error] = [own.value[row], own.bound[row]];
    for (let x = row * e; x < (row + 1) * e; x++) [o.value[x], o.bound[x]] = [there[0].o.value[x], there[0].o.bound[x]];
    for (const part of there.slice(1)) {
      const { wx, wy, lse: both } = weigh(sum, part.lse.value[row]);
      // a weight errs by wx·wy times the errors of the LSEs
      const off = wx === wy ? 0 : wx * wy * (error + part.lse.bound[row]);
      for (let x = row * e; x < (row + 1) * e; x++) {
        const [mine, other] = [o.value[x], part.o.value[x]];
        o.value[x] = wx * mine + wy * other;
        o.bound[x] = wx * o.bound[x] + wy * part.o.bound[x] + (off + 4 * a) * (Math.abs(mine) + Math.abs(other));
      }
      sum = both;
      error += part.lse.bound[row] + 4 * a * (1 + Math.abs(both));
    }
    [lse.value[row], lse.bound[row]] = [sum, error];
  }
  return { ...answer, outputs: { ...answer.outputs, o, lse } };
}

function withOwnTwice(problem: Problem, answer: Expectation, owner: Int32Array): Expectation {
  const { a } = problem.numeric;
  return weighed(problem, answer, ({ count, key, score, scoreBound, lse, max }, _b, _h, i) => {
    const times = Float64Array.from({ length: count }, (_, c) => (owner[key[c]] === owner[i] ? 2 : 1));
    const weight = times.map((by, c) => by * Math.exp(score[c] - lse));
    const sum = weight.reduce((total, w) => total + w, 0);
    const summed = gamma(count + 8, a);
    return {
      weight: weight.map((w) => w / sum),
      relative: Float64Array.from(weight, (_, c) => 2 * (relativeError(scoreBound[c]) + (6 + 3 * (max - score[c])) * a) + summed),
      lse: Math.log(sum),
    };
  });
}
