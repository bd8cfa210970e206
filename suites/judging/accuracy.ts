import type { JudgeContext, Judgement } from '../properties/property.js';
import { comparandsOf } from './comparands.js';
import { compareOutput } from './compare.js';
import { compareCall, judgeCall } from './compare-call.js';
import { type CallErrors, sumsOf } from './error-sums.js';
import { textbookOutputs } from './textbook.js';

/** What the oracle computes in: its own errors are no smaller than a kernel's of this type, and tell nothing of them. */
const ORACLE = 'f64';

/** One case in so many is given to a textbook implementation too: its time is to stay small beside the judge's. */
const ONE_IN = 8;

/** The property's only call judged by the oracle; its errors within their bounds are summed up too, for warnings (NUMERICS, "Two tiers"). */
export function judgeAccuracy(context: JudgeContext): Judgement {
  const comparisons = compareCall(context, 0);
  if (context.case.dtype === ORACLE || comparisons.some(({ worst }) => worst)) return judgeCall(context, 0, comparisons);
  const textbook = textbookErrors(context);
  const summed = comparisons.map((c) => ({ ...c, statistics: { ...c.statistics, errors: sumsOf(c.errors, textbook[c.output]) } }));
  return judgeCall(context, 0, summed);
}

/** By output, how far a textbook implementation of the same precision is from the oracle. Nothing for most cases. */
function textbookErrors(context: JudgeContext): Record<string, CallErrors> {
  const { case: c, command } = context.calls[0];
  if (c.values.seed % ONE_IN !== 0) return {};
  const backward = command === 'backward';
  const problem = context.problem(c, backward);
  const outputs = textbookOutputs(problem, backward);
  if (!outputs) return {};
  return Object.fromEntries(
    comparandsOf(problem, context.expectation(c, backward), outputs)
      // a kernel that gives more than the case's dtype is of another precision
      .filter(({ output, actual }) => actual.dtype === context.results[0][output]?.dtype)
      .map(compareOutput)
      .filter(({ worst }) => !worst)
      .map(({ output, errors }) => [output, errors]),
  );
}
