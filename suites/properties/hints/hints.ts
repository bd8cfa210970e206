import { maskForm } from '../../../generators/mask-form.js';
import type { Expectation, Problem } from '../../../spec/oracle/problem.js';
import { comparandsOf } from '../comparands.js';
import { type Comparand, compareOutput } from '../compare.js';
import type { FailJudgement, JudgeContext } from '../property.js';
import { constantHint } from './constant.js';
import { type Diagnosis, type Explanation, hintOf } from './diagnosis.js';
import { factorHint } from './factor.js';
import { fits } from './fits.js';
import { hypotheses } from './hypotheses.js';
import type { Subject } from './hypothesis.js';
import { swappedAxesHint } from './swapped-axes.js';

/** Largest b·heads·m·n·(d + e), over the calls, for which other answers are computed. */
const MOST_WORK = 2e6;

/** What explains wrong outputs of some of the property's calls; nothing where no explanation was asked for. */
export function diagnosisFor(context: JudgeContext, calls: readonly number[]): Pick<FailJudgement, 'hint' | 'diagnosis'> {
  if (!context.diagnosing) return {};
  const [wrong] = calls.flatMap((call) => wrongOutputs(context, call));
  if (!wrong) return {};
  const signs = [swappedAxesHint(wrong), constantHint(wrong), factorHint(wrong, context.case)].flatMap((sign) => sign ?? []);
  const diagnosis: Diagnosis = { answers: answersOf(context, calls), signs };
  return { hint: hintOf([diagnosis]), diagnosis };
}

function wrongOutputs(context: JudgeContext, call: number): Comparand[] {
  const { case: c, command } = context.calls[call];
  const backward = command === 'backward';
  const comparands = comparandsOf(context.problem(c, backward), context.expectation(c, backward), context.results[call]);
  return comparands.filter((comparand) => compareOutput(comparand).worst);
}

/** Other problems whose answers the outputs of every call are. */
function answersOf(context: JudgeContext, calls: readonly number[]): Explanation[] | undefined {
  const work = calls.reduce((sum, call) => {
    const { b, hk, g, m, n, d, e } = context.calls[call].case.dims;
    return sum + b * hk * g * m * n * (d + e);
  }, 0);
  if (work > MOST_WORK) return undefined;
  let common: Explanation[] | undefined;
  for (const call of calls) {
    const fitting = answersThatFit(context, call, common);
    if (fitting.length === 0) return [];
    common = fitting;
  }
  return common;
}

/** @param among what is left to try; absent: everything. */
function answersThatFit(context: JudgeContext, call: number, among: readonly Explanation[] | undefined): Explanation[] {
  const backward = context.calls[call].command === 'backward';
  const found = new Map<string, Explanation>();
  const subject = subjectOf(context, call);
  const suspect = backward ? undefined : wrongRow(context, call);
  const compared = (problem: Problem, answer: Expectation) => comparandsOf(problem, answer, context.results[call]);
  for (const { text, declare, problem, after } of hypotheses(subject)) {
    if (found.has(text) || (among && !among.some((a) => a.text === text))) continue;
    // most are told by one row
    if (suspect && !after) {
      const row = context.evaluate(problem, backward, (b, h, i) => b === suspect[0] && h === suspect[1] && i === suspect[2]);
      if (compared(problem, row).some((comparand) => compareOutput(comparand).worst)) continue;
    }
    const answer = context.evaluate(problem, backward);
    if (compared(problem, after ? after(answer) : answer).every(fits)) found.set(text, { text, ...(declare !== undefined && { declare }) });
  }
  return [...found.values()];
}

/** What hypotheses about a call are made from. */
export function subjectOf(context: JudgeContext, call: number): Subject {
  const { case: c, command } = context.calls[call];
  const backward = command === 'backward';
  const problem = context.problem(c, backward);
  return {
    problem,
    backward,
    booleanMask: maskForm(c, context.capabilities, problem.mask)?.by === 'boolean',
    problemOf: (other) => context.problem(other),
    evaluate: context.evaluate,
  };
}

/** Batch entry, head and query of the worst element of o or the LSE. */
function wrongRow(context: JudgeContext, call: number): readonly number[] | undefined {
  return wrongOutputs(context, call)
    .map((comparand) => compareOutput(comparand).worst?.index)
    .at(0);
}
