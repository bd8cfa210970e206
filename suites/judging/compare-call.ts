import { diagnosisFor } from '../diagnosis/hints/hints.js';
import type { JudgeContext, Judgement } from '../properties/property.js';
import { comparandsOf } from './comparands.js';
import { type Comparison, compareOutput } from './compare.js';
import { conclude } from './conclude.js';

/** The comparisons of one of the property's calls with the oracle. */
export function compareCall(context: JudgeContext, call: number): Comparison[] {
  const { case: c, command } = context.calls[call];
  const backward = command === 'backward';
  return comparandsOf(context.problem(c, backward), context.expectation(c, backward), context.results[call]).map(compareOutput);
}

/** One of the property's calls, judged by the oracle alone. */
export function judgeCall(context: JudgeContext, call: number, comparisons: readonly Comparison[] = compareCall(context, call)): Judgement {
  return conclude(comparisons, context.statistics, call, () => diagnosisFor(context, [call]));
}
