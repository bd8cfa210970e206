import { comparandsOf } from '../comparands.js';
import { type Comparand, compareOutput } from '../compare.js';
import type { JudgeContext } from '../property.js';
import { factorHint } from './factor.js';
import { fits } from './fits.js';
import { hypotheses } from './hypotheses.js';
import { swappedAxesHint } from './swapped-axes.js';

/** Largest b·heads·m·n·(d + e) for which other answers are computed. */
const SMALL = 1e5;

/**
 * What explains wrong outputs of some of the property's calls, verified on every element of them; undefined where nothing tried does.
 * At most two explanations that fit equally well are named.
 */
export function hintFor(context: JudgeContext, calls: readonly number[]): string | undefined {
  const wrong = calls.flatMap((call) => wrongOutputs(context, call)).at(0);
  return wrong && (answerHint(context, calls) ?? swappedAxesHint(wrong) ?? factorHint(wrong, context.case.dims));
}

function wrongOutputs(context: JudgeContext, call: number): Comparand[] {
  const { case: c, command } = context.calls[call];
  const backward = command === 'backward';
  const comparands = comparandsOf(context.problem(c, backward), context.expectation(c, backward), context.results[call]);
  return comparands.filter((comparand) => compareOutput(comparand).worst);
}

/** Other problems whose answers the outputs are. */
function answerHint(context: JudgeContext, calls: readonly number[]): string | undefined {
  const { dims } = context.case;
  if (dims.b * dims.hk * dims.g * dims.m * dims.n * (dims.d + dims.e) * calls.length > SMALL) return undefined;
  const fitting = calls
    .map((call) => answersThatFit(context, call))
    .reduce((all, some) => all.filter((text) => some.includes(text)))
    .slice(0, 2);
  return fitting.length === 0 ? undefined : `this is ${fitting.join(', and also ')}`;
}

function answersThatFit(context: JudgeContext, call: number): string[] {
  const { case: c, command } = context.calls[call];
  const backward = command === 'backward';
  const texts: string[] = [];
  for (const { text, problem } of hypotheses(context.problem(c, backward), (other) => context.problem(other))) {
    if (comparandsOf(problem, context.evaluate(problem, backward), context.results[call]).every(fits)) texts.push(text);
  }
  return texts;
}
