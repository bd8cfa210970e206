import { SoftmaxRow } from '../../../spec/oracle/softmax-row.js';
import type { Expectation, Expected, Problem } from '../../../spec/problem.js';
import { type DType, floatFormats } from '../../../spec/tensor/dtype.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import { type Tensors, valuesOf } from '../../../spec/tensor/tensor.js';
import { isWithin } from './fits.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

/**
 * Weights exp(s − LSE) not divided by their sum: a rounded LSE scales the whole row. The factor is
 * known for a 16-bit LSE; for float32 only its size, so the rows must show it.
 */
export function* roundedLseHypotheses({ problem, backward }: Subject): Generator<ProblemHypothesis> {
  const { dialect, numeric, inputs } = problem;
  if (backward || dialect.lseBase === '2' || (inputs.sink && dialect.lseSink === 'excluded')) return;
  for (const dtype of ['f16', 'bf16'] as const)
    if (numeric.a < floatFormats[dtype].roundoff)
      yield { text: textOf(dtype), problem, byRow: true, after: (answer) => withFactors(problem, answer, dtype) };
  if (numeric.accumulate !== 'f32') return;
  yield { text: textOf('f32'), problem, loosens: true, explains: (answer, outputs) => mayBeRounded(problem, answer, outputs) };
}

function textOf(dtype: DType): string {
  return `weights exp(s − LSE) of an LSE rounded to ${dtype}, which are not divided by their sum`;
}

/** Scales each row by the factor of its rounded LSE; undecided if the LSE may round either way. */
function withFactors({ numeric }: Problem, answer: Expectation, dtype: DType): Expectation {
  return overRows(answer, (lse, error) => {
    const near = roundTo(dtype, lse);
    const open = !Number.isFinite(near) || roundTo(dtype, lse - error) !== near || roundTo(dtype, lse + error) !== near;
    return { factor: Math.exp(lse - near), relative: open ? Infinity : 2 * error + 8 * numeric.a };
  });
}

/** Tells whether rows are off by factors that a float32 LSE allows; undefined if unclear. */
function mayBeRounded(problem: Problem, answer: Expectation, outputs: Tensors): boolean | undefined {
  const { roundoff } = floatFormats.f32;
  const wide = overRows(answer, (lse, error) => ({ factor: 1, relative: Math.expm1(error + roundoff * Math.abs(lse)) }));
  if (!isWithin(problem, wide, outputs)) return false;
  return haveFactors(answer.outputs.o, valuesOf(outputs.o));
}

/** Tells whether each row is off by one factor; undefined unless two elements of a row show it. */
function haveFactors({ shape, value, bound }: Expected, actual: Float64Array): boolean | undefined {
  const e = shape[3];
  let shown = false;
  for (let from = 0; from < value.length; from += e) {
    let [low, high, off] = [-Infinity, Infinity, 0];
    for (let at = from; at < from + e; at++) {
      if (value[at] === 0 || !Number.isFinite(bound[at])) continue;
      const [ratio, open] = [actual[at] / value[at] - 1, bound[at] / Math.abs(value[at])];
      [low, high] = [Math.max(low, ratio - open), Math.min(high, ratio + open)];
      if (Math.abs(ratio) > open) off++;
    }
    if (low > high) return false;
    shown ||= off > 1;
  }
  return shown || undefined;
}

function overRows(answer: Expectation, of: (lse: number, error: number) => { factor: number; relative: number }): Expectation {
  const { o, lse } = answer.outputs;
  const { second: _, ...own } = o;
  const e = o.shape[3];
  const value = o.value.slice();
  const bound = o.bound.slice();
  for (let row = 0; row < lse.value.length; row++) {
    if (!Number.isFinite(lse.value[row])) continue;
    const { factor, relative } = of(lse.value[row], lse.bound[row]);
    for (let at = row * e; at < (row + 1) * e; at++) {
      bound[at] = relative === Infinity ? Infinity : factor * (bound[at] + relative * Math.abs(value[at]));
      value[at] *= factor;
    }
  }
  return { ...answer, outputs: { ...answer.outputs, o: { ...own, value, bound } } };
}

/** LSE = log Σ exp(s − max) + max without one of its terms. */
export function* lseHypotheses({ problem, backward }: Subject): Generator<ProblemHypothesis> {
  if (backward || problem.dialect.lseSink === 'excluded' || problem.dialect.lseBase === '2') return;
  yield { text: 'an LSE without the maximum', problem, after: (answer) => withLse(problem, answer, (lse, max) => lse - max) };
  yield { text: 'the maximum instead of the LSE', problem, after: (answer) => withLse(problem, answer, (_, max) => max) };
}

function withLse(problem: Problem, answer: Expectation, of: (lse: number, max: number) => number): Expectation {
  const { lse } = answer.outputs;
  const [, heads, m] = lse.shape;
  const row = new SoftmaxRow(problem);
  const value = lse.value.slice();
  const bound = lse.bound.slice();
  for (let at = 0; at < value.length; at++) {
    const h = Math.floor(at / m) % heads;
    if (!row.load(Math.floor(at / (m * heads)), h, at % m)) continue;
    value[at] = of(value[at], row.max);
    let error = 0;
    for (let c = 0; c < row.count; c++) error = Math.max(error, row.scoreBound[c]);
    // the maximum errs by no more than a score
    bound[at] += error;
  }
  return { ...answer, outputs: { ...answer.outputs, lse: { ...lse, value, bound } } };
}
