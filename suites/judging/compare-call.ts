import { diagnosisFor } from '../diagnosis/hints/hints.js';
import type { FailJudgement, JudgeContext, Judgement } from '../properties/property.js';
import { comparandsOf } from './comparands.js';
import { compareOutput } from './compare.js';
import type { Comparison } from './compared.js';
import { conclude } from './conclude.js';
import { wrongCount } from './sets.js';

/** The comparisons of one of the property's calls with the oracle. */
export function compareCall(context: JudgeContext, call: number): Comparison[] {
  const { case: c, command } = context.calls[call];
  const backward = command === 'backward';
  return comparandsOf(context.problem(c, backward), context.expectation(c, backward), context.results[call]).map(compareOutput);
}

/** One of the property's calls, judged by the oracle alone. */
export function judgeCall(context: JudgeContext, call: number, comparisons: readonly Comparison[] = compareCall(context, call)): Judgement {
  const judgement = conclude(comparisons, context.statistics, call, () => diagnosisFor(context, [call]));
  return judgement.status === 'fail' ? judgement : (wrongSet(context, call) ?? judgement);
}

/** Fails the first set of places that has too few of them, where all that it has are right. */
function wrongSet(context: JudgeContext, call: number): FailJudgement | undefined {
  const { case: c, command } = context.calls[call];
  if (command === 'backward') return undefined;
  const { operator } = context.problem(c);
  for (const [name, { slots }] of Object.entries(operator.sets ?? {})) {
    const actual = context.results[call][name];
    const failure = actual && wrongCount(name, actual, context.expectation(c, false).outputs[name], c.dims[slots]);
    if (failure) return { ...failure, call };
  }
  return undefined;
}
