import { expectedSlices } from '../../../spec/oracle/slices.js';
import type { FailJudgement, JudgeContext, Judgement } from '../../contract/property.js';
import { diagnosisFor } from '../../diagnosis/hints/hints.js';
import { comparandsOf } from '../../judging/comparands.js';
import { compareOutput } from '../../judging/compare.js';
import { compareSlices, isLarge } from '../../judging/compare-slices.js';
import type { Comparison } from '../../judging/compared.js';
import { conclude } from '../../judging/conclude.js';
import { wrongCount } from '../../judging/sets.js';

/** Compares a call with the oracle. */
export function compareCall(context: JudgeContext, call: number): Comparison[] {
  const { case: c, command } = context.calls[call];
  const backward = command === 'backward';
  const [problem, outputs] = [context.problem(c, backward), context.results[call]];
  const slices = isLarge(outputs) ? expectedSlices(problem, backward) : undefined;
  if (slices) return compareSlices(problem, slices, outputs);
  return comparandsOf(problem, context.expectation(c, backward), outputs).map(compareOutput);
}

/** Judges a call by the oracle alone. */
export function judgeCall(context: JudgeContext, call: number, comparisons: readonly Comparison[] = compareCall(context, call)): Judgement {
  const judgement = conclude(comparisons, context.statistics, call, () => diagnosisFor(context, [call]));
  return judgement.status === 'fail' ? judgement : (wrongSet(context, call) ?? judgement);
}

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
