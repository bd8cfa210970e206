import { DocumentError } from '../../../spec/lib/document-error.js';
import { storedBound } from '../../../spec/oracle/output-bound.js';
import type { RowFilter } from '../../../spec/oracle/softmax-forward.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { type Tensors, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { JudgeContext } from '../../contract/property.js';
import { wrongCodes } from '../../judging/codes.js';
import { comparandsOf } from '../../judging/comparands.js';
import { compareOutput } from '../../judging/compare.js';
import type { Comparand } from '../../judging/compared.js';
import type { ProblemHypothesis } from './hypothesis.js';

/** True if all outputs are within the bounds of an answer. */
export function isWithin(problem: Problem, answer: Expectation, outputs: Tensors): boolean {
  return comparandsOf(problem, answer, outputs).every((comparand) => !compareOutput(comparand).worst);
}

/** True if no decided element is wrong, and at least `share` of the elements is decided. */
export function fits(c: Comparand, share = 0.9): boolean {
  const { worst, statistics } = compareOutput(c);
  return !worst && statistics.elements >= share * (statistics.elements + statistics.undecided);
}

/** True if the hypothetical answer `c` decides some element that is wrong in `off`. */
export function decidesWrong(off: Comparand, c: Comparand): boolean {
  const { second: _, ...expected } = off.expected;
  const bound = expected.bound.map((x, at) => (c.expected.bound[at] === Infinity ? Infinity : x));
  return compareOutput({ ...off, expected: { ...expected, bound } }).worst !== undefined;
}

/** True if the right output contradicts the hypothetical answer `c`, i.e. its bounds are tight. */
export function refusesRight(off: Comparand, c: Comparand): boolean {
  const { dtype, shape } = c.actual;
  return c.format !== undefined || compareOutput({ ...c, actual: tensorOf(dtype, shape, off.expected.value) }).worst !== undefined;
}

/** Excludes NaN that the dialect does not require: a kernel that gives NaN would fit it. */
function isNumber({ outputs, empty }: Expectation): boolean {
  return Object.values(outputs).every(({ value, bound }) => {
    const rowLength = value.length / empty.length;
    return value.every((x, at) => !Number.isNaN(bound[at]) && (!Number.isNaN(x) || empty[Math.floor(at / rowLength)] === 1));
  });
}

function withBounds(answer: Expectation): Expectation {
  const outputs = Object.entries(answer.outputs).map(([name, { shape, value, bound }]) => {
    const bounds = bound.map((x, at) => (Number.isNaN(value[at]) ? 0 : Number.isNaN(x) ? Infinity : x));
    return [name, { shape, value, bound: bounds }] as const;
  });
  return { ...answer, outputs: Object.fromEntries(outputs) };
}

/** Indices of elements beyond their bounds; skips empty rows whose LSE is any finite number. */
export function* wrongElements(c: Comparand): Generator<number> {
  if (c.format) return yield* wrongCodes(c, c.format);
  const { actual, expected, flushToZero, empty } = c;
  const { value, bound } = expected;
  const values = valuesOf(actual);
  const rowLength = value.length / (empty?.rows.length ?? 1);
  for (let i = 0; i < values.length; i++) {
    if ((empty?.rule === 'finite' && empty.rows[Math.floor(i / rowLength)] === 1) || Object.is(values[i], value[i])) continue;
    // negated, as NaN is within no bound
    if (!(Math.abs(values[i] - value[i]) <= storedBound(value[i], bound[i], actual.dtype as DType, flushToZero))) yield i;
  }
}

/** Number of wrong elements, but at most of distinct values: equal ones add no evidence. */
export function wrongValues(c: Comparand): number {
  const { histogram } = compareOutput(c).statistics;
  return Math.min(histogram[histogram.length - 1], new Set(valuesOf(c.actual)).size);
}

/** Number of wrong elements, but at most of distinct expected values. */
export function wrongExpectations(c: Comparand): number {
  const { histogram } = compareOutput(c).statistics;
  return Math.min(histogram[histogram.length - 1], new Set(c.expected.value).size);
}

/** Sum of the finite differences between an output and its expected values over the judged rows. */
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

/** Outputs beside the answer to another problem, or a verdict if not compared by element. */
export type Beside = readonly Comparand[] | boolean | undefined;

/**
 * Compares the outputs of a call with the answer to another problem.
 * @param rows the only rows to compare; absent: all.
 * @param withNaN accepts NaN, as for poisoned inputs, once another call has confirmed.
 */
export function besideAnswer(
  context: JudgeContext,
  call: number,
  hypothesis: ProblemHypothesis,
  rows?: RowFilter,
  withNaN = false,
): Beside {
  const { problem, after, explains, untold } = hypothesis;
  const names = namesOf(hypothesis);
  if (untold) return undefined;
  const { case: c, command } = context.calls[call];
  const backward = command === 'backward';
  const outputs = context.results[call];
  const own = problem === context.problem(c, backward) && !rows;
  const plain = own ? context.expectation(c, backward) : evaluated(context, problem, backward, rows);
  // an operator may be undefined for the hypothetical inputs
  if (!plain) return false;
  if (explains) return explains(plain, outputs);
  const answer = after ? after(plain) : plain;
  if (!withNaN && !isNumber(answer)) return false;
  return comparandsOf(problem, withNaN ? withBounds(answer) : answer, outputs).filter(({ output }) => names?.includes(output) ?? true);
}

function namesOf({ output, outputs }: ProblemHypothesis): readonly string[] | undefined {
  return output === undefined ? outputs : [output];
}

/** Compares outputs with the answer to another problem; undefined if the case cannot tell. */
export function answers(
  context: JudgeContext,
  call: number,
  hypothesis: ProblemHypothesis,
  rows?: RowFilter,
  withNaN = false,
): boolean | undefined {
  const compared = besideAnswer(context, call, hypothesis, rows, withNaN);
  return typeof compared === 'object' ? !compared.some((comparand) => compareOutput(comparand).worst) : compared;
}

/**
 * Tells whether another answer explains wrong outputs: it must fit them, decide most elements and
 * some wrong one, and contradict the right output. Undefined if the case cannot tell.
 */
export function isAnswer(hypothesis: ProblemHypothesis, compared: Beside, off: readonly Comparand[]): boolean | undefined {
  if (typeof compared !== 'object') return compared;
  const { decided, output, loosens, bounded } = hypothesis;
  const names = namesOf(hypothesis);
  const of = (name: string) => compared.find((x) => x.output === name);
  const isFit = compared.every((x) => fits(x, decided));
  // a gradient that is right, and would be so under the hypothesis, is no evidence
  if (output !== undefined && !off.some((wrong) => wrong.output === output)) return isFit ? undefined : false;
  if (!isFit || !(names ?? off.map((wrong) => wrong.output)).every(of)) return false;
  return (
    off.length === 0 ||
    off.some((wrong) => {
      const answered = of(wrong.output);
      return answered !== undefined && decidesWrong(wrong, answered) && (loosens || bounded || refusesRight(wrong, answered));
    })
  );
}

function evaluated(context: JudgeContext, problem: Problem, backward: boolean, rows?: RowFilter): Expectation | undefined {
  try {
    return context.evaluate(problem, backward, rows);
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}
