import { type Problem, scaleOf } from '../../../spec/problem.js';
import type { Hypothesis } from '../../contract/diagnosis.js';
import { withOptions } from './scales.js';

/** Searched factors are 2^±POWERS, with STEPS per power of two in the first search. */
const POWERS = 6;
const STEPS = 8;
const NARROWING = 40;
const ROUND = 4;
const GIVEN = 7;

const timesTheScale = 'scores multiplied by {} times the scale';
const whateverItIs = 'a scale of {}, whatever scale the case has';

/** Problem of a hypothesis made by `fittedScale`; undefined for other hypotheses. */
export function scaledAs({ text, size = Number.NaN }: Hypothesis, problem: Problem): Problem | undefined {
  if (text === timesTheScale) return withOptions(problem, { scale: size * scaleOf(problem) });
  return text === whateverItIs ? withOptions(problem, { scale: size }) : undefined;
}

/** Fit of outputs to the answer of a problem. */
export interface Fit {
  readonly distance: number;
  readonly fits: boolean;
}

/** Finds the roundest scale, from 1/64 to 64 times the problem's, that explains the outputs. */
export function fittedScale(problem: Problem, fitOf: (problem: Problem) => Fit): (Hypothesis & { readonly problem: Problem }) | undefined {
  const own = scaleOf(problem);
  if (!(own > 0)) return undefined;
  const at = (factor: number) => fitOf(withOptions(problem, { scale: factor * own }));
  const best = nearest(at);
  if (best === undefined || !at(best).fits) return undefined;
  const [low, high] = [edge(at, best, -1), edge(at, best, 1)];
  if (low <= 1 && high >= 1) return undefined;
  const multiple = roundest(best, low, high);
  const itself = roundest(best * own, low * own, high * own);
  const hypothesis =
    itself.digits < multiple.digits ? { text: whateverItIs, size: itself.value } : { text: timesTheScale, size: multiple.value };
  return { ...hypothesis, problem: scaledAs(hypothesis, problem) as Problem };
}

/** Factor of least distance: the best of a grid, narrowed by golden sections. */
function nearest(at: (factor: number) => Fit): number | undefined {
  const distance = (power: number) => {
    const found = at(2 ** power).distance;
    return Number.isFinite(found) ? found : Number.POSITIVE_INFINITY;
  };
  let best = { power: 0, distance: Number.POSITIVE_INFINITY };
  for (let step = -POWERS * STEPS; step <= POWERS * STEPS; step++) {
    const power = step / STEPS;
    const found = distance(power);
    if (found < best.distance) best = { power, distance: found };
  }
  if (best.distance === Number.POSITIVE_INFINITY) return undefined;
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [best.power - 1 / STEPS, best.power + 1 / STEPS];
  for (let step = 0; step < NARROWING; step++) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)];
    if (distance(left) <= distance(right)) high = right;
    else low = left;
  }
  return 2 ** ((low + high) / 2);
}

function edge(at: (factor: number) => Fit, best: number, side: -1 | 1): number {
  let [inside, outside] = [0, 0.5];
  for (let step = 0; step < NARROWING; step++) {
    // widths differ by orders of magnitude: bisect geometrically once a width fits
    const middle = inside === 0 ? outside / 4 : Math.sqrt(inside * outside);
    if (at(best * (1 + side * middle)).fits) inside = middle;
    else outside = middle;
    if (inside > 0 && outside < 1.01 * inside) break;
  }
  return best * (1 + side * inside);
}

/** Shortest decimal of `near` in [low, high]; with GIVEN digits if no short one is within. */
function roundest(near: number, low: number, high: number): { readonly value: number; readonly digits: number } {
  for (let digits = 1; digits <= ROUND; digits++) {
    const value = Number(near.toPrecision(digits));
    if (value >= low && value <= high) return { value, digits };
  }
  return { value: Number(near.toPrecision(GIVEN)), digits: GIVEN };
}
