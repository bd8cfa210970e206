import type { Expectation, Expected, Problem } from '../../../spec/problem.js';
import { type DType, floatFormats } from '../../../spec/tensor/dtype.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import { type Tensors, valuesOf } from '../../../spec/tensor/tensor.js';
import { isWithin } from './fits.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

/**
 * Weights exp(s − LSE) that are not divided by their sum: what is lost where the LSE is rounded is a factor of the whole row. Of an LSE in 16 bits the factor is
 * known; of one in float32 only its size, so that the rows must show it.
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

/** Multiplies each row with the factor that it has where its LSE is rounded to a type; one whose LSE may be rounded either way is undecided. */
function withFactors({ numeric }: Problem, answer: Expectation, dtype: DType): Expectation {
  return overRows(answer, (lse, error) => {
    const near = roundTo(dtype, lse);
    const open = !Number.isFinite(near) || roundTo(dtype, lse - error) !== near || roundTo(dtype, lse + error) !== near;
    return { factor: Math.exp(lse - near), relative: open ? Infinity : 2 * error + 8 * numeric.a };
  });
}

/** Tells whether each row is off by a factor as near 1 as an LSE in float32 leaves it; undefined where no row shows that it is one factor. */
function mayBeRounded(problem: Problem, answer: Expectation, outputs: Tensors): boolean | undefined {
  const { roundoff } = floatFormats.f32;
  const wide = overRows(answer, (lse, error) => ({ factor: 1, relative: Math.expm1(error + roundoff * Math.abs(lse)) }));
  if (!isWithin(problem, wide, outputs)) return false;
  return haveFactors(answer.outputs.o, valuesOf(outputs.o));
}

/** Tells whether every row is off by a factor of its own; undefined where none has two elements of which each is off by more than its bound. */
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

/** @param of factor of a row, and the relative error that it adds, by its LSE and the error bound of that. */
function overRows(answer: Expectation, of: (lse: number, error: number) => { factor: number; relative: number }): Expectation {
  const { o, lse } = answer.outputs;
  const { second: _, ...own } = o;
  const e = o.shape[3];
  const value = o.value.slice();
  const bound = o.bound.slice();
  for (let row = 0; row < lse.value.length; row++) {
    // a row that sees no key has no weights
    if (!Number.isFinite(lse.value[row])) continue;
    const { factor, relative } = of(lse.value[row], lse.bound[row]);
    for (let at = row * e; at < (row + 1) * e; at++) {
      bound[at] = relative === Infinity ? Infinity : factor * (bound[at] + relative * Math.abs(value[at]));
      value[at] *= factor;
    }
  }
  return { ...answer, outputs: { ...answer.outputs, o: { ...own, value, bound } } };
}
