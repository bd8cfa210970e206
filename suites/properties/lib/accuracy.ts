import type { JudgeContext, Judgement } from '../../contract/property.js';
import { comparandsOf } from '../../judging/comparands.js';
import { compareOutput } from '../../judging/compare.js';
import { type CallErrors, sumsOf } from '../../judging/error-sums.js';
import { textbookOutputs } from '../../judging/textbook.js';
import { compareCall, judgeCall } from './compare-call.js';

/** Dtype of the oracle: errors of kernels in it cannot be compared with the oracle's. */
const ORACLE = 'f64';

const ONE_IN = 8;

/** Judges the only call, and sums up errors for warnings (NUMERICS, "Two tiers"). */
export function judgeAccuracy(context: JudgeContext): Judgement {
  const comparisons = compareCall(context, 0);
  if (context.case.dtype === ORACLE || comparisons.some(({ worst }) => worst)) return judgeCall(context, 0, comparisons);
  const textbook = textbookErrors(context);
  const summed = comparisons.map((c) => ({ ...c, statistics: { ...c.statistics, errors: sumsOf(c.errors, textbook[c.output]) } }));
  return judgeCall(context, 0, summed);
}

function textbookErrors(context: JudgeContext): Record<string, CallErrors> {
  const { case: c, command } = context.calls[0];
  if (c.values.seed % ONE_IN !== 0) return {};
  const backward = command === 'backward';
  const problem = context.problem(c, backward);
  const outputs = textbookOutputs(problem, backward);
  if (!outputs) return {};
  return Object.fromEntries(
    comparandsOf(problem, context.expectation(c, backward), outputs)
      // an output wider than the case's dtype has another precision
      .filter(({ output, actual }) => actual.dtype === context.results[0][output]?.dtype)
      .map(compareOutput)
      .filter(({ worst }) => !worst)
      .map(({ output, errors }) => [output, errors]),
  );
}
