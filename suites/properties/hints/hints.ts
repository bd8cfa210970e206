import { maskForm } from '../../../generators/mask-form.js';
import type { Expectation, Problem } from '../../../spec/oracle/problem.js';
import { comparandsOf } from '../comparands.js';
import { type Comparand, compareOutput } from '../compare.js';
import type { FailJudgement, JudgeContext } from '../property.js';
import { constantHint } from './constant.js';
import { type Diagnosis, type Explanation, hintOf, isSame } from './diagnosis.js';
import { factorHint } from './factor.js';
import { fits, isNumber } from './fits.js';
import { hypotheses } from './hypotheses.js';
import type { Subject } from './hypothesis.js';
import { swappedAxesHint } from './swapped-axes.js';
import { unwrittenHint } from './unwritten.js';

/** Largest b·heads·m·n·(d + e), over the calls, for which other answers are computed; a backward call counts as eight. */
const MOST_WORK = 2e6;

/** What explains wrong outputs of some of the property's calls; nothing where no explanation was asked for. */
export function diagnosisFor(context: JudgeContext, calls: readonly number[]): Pick<FailJudgement, 'hint' | 'diagnosis'> {
  if (!context.diagnosing) return {};
  const [wrong] = calls.flatMap((call) => wrongOutputs(context, call));
  if (!wrong) return {};
  const signs = [
    swappedAxesHint(wrong),
    constantHint(wrong),
    factorHint(wrong, context.case),
    unwrittenHint(wrong, context.calls[calls[0]].case),
  ].flatMap((sign) => sign ?? []);
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
    const { command, case: c } = context.calls[call];
    const { b, hk, g, m, n, d, e } = c.dims;
    return sum + (command === 'backward' ? 8 : 1) * b * hk * g * m * n * (d + e);
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
  const found: Explanation[] = [];
  const subject = subjectOf(context, call);
  const suspect = backward ? undefined : wrongRow(context, call);
  const wrong = wrongOutputs(context, call).map(({ output }) => output);
  const compared = (problem: Problem, answer: Expectation) => comparandsOf(problem, answer, context.results[call]);
  for (const { problem, after, ...explanation } of hypotheses(subject)) {
    const isIt = (other: Explanation) => isSame(other, explanation);
    if (found.some(isIt) || (among && !among.some(isIt))) continue;
    // most are told by one row
    if (suspect && !after) {
      const row = context.evaluate(problem, backward, (b, h, i) => b === suspect[0] && h === suspect[1] && i === suspect[2]);
      if (!isNumber(row) || compared(problem, row).some((comparand) => compareOutput(comparand).worst)) continue;
    }
    const whole = context.evaluate(problem, backward);
    const answer = after ? after(whole) : whole;
    // another problem may lack the very output that is wrong
    const all = isNumber(answer) ? compared(problem, answer) : [];
    if (wrong.every((output) => all.some((comparand) => comparand.output === output)) && all.every(fits)) found.push(explanation);
  }
  return found;
}

/** What hypotheses about a call are made from. */
export function subjectOf(context: JudgeContext, call: number): Subject {
  const { case: c, command } = context.calls[call];
  const backward = command === 'backward';
  const problem = context.problem(c, backward);
  return {
    problem,
    backward,
    booleanMask: maskForm(context.library, c, context.capabilities, problem.mask)?.by === 'boolean',
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
