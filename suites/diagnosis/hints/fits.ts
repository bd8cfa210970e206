import { storedBound } from '../../../spec/oracle/output-bound.js';
import type { Expectation, Problem } from '../../../spec/oracle/problem.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { type Tensors, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { comparandsOf } from '../../judging/comparands.js';
import { compareOutput } from '../../judging/compare.js';
import type { Comparand } from '../../judging/compared.js';

/** No output leaves the bounds of an answer. */
export function isWithin(problem: Problem, answer: Expectation, outputs: Tensors): boolean {
  return comparandsOf(problem, answer, outputs).every((comparand) => !compareOutput(comparand).worst);
}

/** Every decided element is right, and so large a share is decided: nine tenths where nothing is said. */
export function fits(c: Comparand, share = 0.9): boolean {
  const { worst, statistics } = compareOutput(c);
  return !worst && statistics.elements >= share * (statistics.elements + statistics.undecided);
}

/**
 * Some element that is wrong is decided by the answer: one that leaves all of them undecided explains none.
 * @param off the output, beside what it should be. @param c the same beside the answer.
 */
export function decidesWrong(off: Comparand, c: Comparand): boolean {
  const { second: _, ...expected } = off.expected;
  const bound = expected.bound.map((x, at) => (c.expected.bound[at] === Infinity ? Infinity : x));
  return compareOutput({ ...off, expected: { ...expected, bound } }).worst !== undefined;
}

/**
 * Tells whether the right output is wrong by the answer: one within whose bounds both lie, because they are wide, explains nothing.
 * @param off the output, beside what it should be. @param c the same beside the answer.
 */
export function refusesRight(off: Comparand, c: Comparand): boolean {
  const { dtype, shape } = c.actual;
  return c.format !== undefined || compareOutput({ ...c, actual: tensorOf(dtype, shape, off.expected.value) }).worst !== undefined;
}

/**
 * The answer has a number, and a bound, wherever the dialect does not say NaN: a kernel that gives NaN fits every answer that is NaN, as
 * those of hypotheses that show a poisoned key are.
 */
export function isNumber({ outputs, empty }: Expectation): boolean {
  return Object.values(outputs).every(({ value, bound }) => {
    const rowLength = value.length / empty.length;
    return value.every((x, at) => !Number.isNaN(bound[at]) && (!Number.isNaN(x) || empty[Math.floor(at / rowLength)] === 1));
  });
}

/** Yields the places of the elements of an output that are beyond their bounds. An LSE of a row without keys that may be any finite number is left out. */
export function* wrongElements({ actual, expected: { value, bound }, flushToZero, empty }: Comparand): Generator<number> {
  const values = valuesOf(actual);
  const rowLength = value.length / (empty?.rows.length ?? 1);
  for (let i = 0; i < values.length; i++) {
    if ((empty?.rule === 'finite' && empty.rows[Math.floor(i / rowLength)] === 1) || Object.is(values[i], value[i])) continue;
    // NaN is within no bound
    if (!(Math.abs(values[i] - value[i]) <= storedBound(value[i], bound[i], actual.dtype as DType, flushToZero))) yield i;
  }
}

/** Number of elements that are wrong and differ from each other, or less: equal ones say no more than one. */
export function wrongValues(c: Comparand): number {
  const { histogram } = compareOutput(c).statistics;
  return Math.min(histogram[histogram.length - 1], new Set(valuesOf(c.actual)).size);
}

/** The same of elements that are expected to differ: a kernel may give all of them alike. */
export function wrongExpectations(c: Comparand): number {
  const { histogram } = compareOutput(c).statistics;
  return Math.min(histogram[histogram.length - 1], new Set(c.expected.value).size);
}

/** Sum of the differences between an output and its expected values, where both are numbers, over the judged rows. */
export function distanceOf({ actual, expected: { value }, judged }: Comparand): number {
  const rowLength = value.length / (judged?.length ?? 1);
  let sum = 0;
  for (const [at, x] of valuesOf(actual).entries()) {
    if (judged?.[Math.floor(at / rowLength)] === 0) continue;
    const difference = Math.abs(x - value[at]);
    if (Number.isFinite(difference)) sum += difference;
  }
  return sum;
}
