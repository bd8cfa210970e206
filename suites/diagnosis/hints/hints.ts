import { maskForm } from '../../../generators/whole/mask-form.js';
import { isStreamed } from '../../../spec/oracle/softmax-form.js';
import type { RowFilter } from '../../../spec/oracle/softmax-forward.js';
import type { Problem } from '../../../spec/problem.js';
import { type Tensors, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { Diagnosis, Hypothesis } from '../../contract/diagnosis.js';
import type { FailJudgement, JudgeContext, PassJudgement } from '../../contract/property.js';
import { comparandsOf } from '../../judging/comparands.js';
import { compareOutput } from '../../judging/compare.js';
import type { Comparand } from '../../judging/compared.js';
import { placesOf } from '../places.js';
import { type Answers, among, explanationOf, isSame, toldByZeros } from './diagnosis.js';
import { answers, type Beside, besideAnswer, distanceOf, isAnswer, wrongExpectations, wrongValues } from './fits.js';
import { type Fit, fittedScale, scaledAs } from './fitted-scale.js';
import { hypotheses } from './hypotheses.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';
import { placementsOf } from './ranks/placement.js';
import { constantHint } from './signs/constant.js';
import { factorHint } from './signs/factor.js';
import { rankHint } from './signs/rank.js';
import { swappedAxesHint } from './signs/swapped-axes.js';
import { unwrittenHint } from './signs/unwritten.js';

/** Largest work, visible cells·(d + e) over the calls, for which other answers are computed; a backward call counts eight times. */
const MOST_WORK = 2e6;
/** Work of an element of K or V, which other answers may make anew, as a share of a cell's. */
const MADE = 1 / 4;
/** Work of an interpreted program as a multiple of one that is computed row by row. */
const INTERPRETED = 16;
/** Factor by which the largest work grows if only a few hypotheses are to be confirmed. */
const FEW = 4;
/** Largest work of a search that computes an answer some two hundred times. */
const MOST_SEARCHED = 4e4;
/** Different wrong elements that an answer found by search, or in one case alone, must explain: fewer have one by chance. */
export const LEAST_WRONG = 4;
/** Different wrong elements of a gradient that is explained alone. */
const LEAST_ALONE = 2;

/** Diagnoses wrong outputs of some of the property's calls. Returns {} if no diagnosis was asked for or no output is wrong. */
export function diagnosisFor(context: JudgeContext, calls: readonly number[]): Pick<FailJudgement, 'hint' | 'explanations' | 'diagnosis'> {
  if (!context.diagnosing) return {};
  const wrongCalls = calls.map((call): WrongCall => ({ call, off: wrongOutputs(context, call) })).filter(({ off }) => off.length > 0);
  const off = wrongCalls.flatMap((one) => one.off);
  const [wrong] = off;
  if (!wrong) return {};
  const { case: c } = context.calls[wrongCalls[0].call];
  const signs = [
    swappedAxesHint(wrong),
    constantHint(wrong),
    factorHint(wrong, context.case),
    unwrittenHint(wrong, c),
    rankHint(wrong, context.claims, c),
  ].flatMap((sign) => sign ?? []);
  const explained = off.reduce((sum, comparand) => sum + wrongExpectations(comparand), 0);
  const places = placesOf(wrong, c, context.claims.operator(c.operator) as Operator);
  const found = answersOf(context, wrongCalls);
  const told = off.every(isZero) ? toldByZeros(found) : found;
  const diagnosis: Diagnosis = { ...told, signs, explained, ...(places && { places }) };
  return { ...explanationOf([diagnosis]), diagnosis };
}

/** Call with those of its outputs that are wrong. */
interface WrongCall {
  readonly call: number;
  readonly off: readonly Comparand[];
}

function isZero({ actual }: Comparand): boolean {
  const values = valuesOf(actual);
  return values.length > 1 && values.every((x) => x === 0);
}

/** Outputs of a call that are wrong, beside what they should be. */
export function wrongOutputs(context: JudgeContext, call: number): Comparand[] {
  const { case: c, command } = context.calls[call];
  const backward = command === 'backward';
  const comparands = comparandsOf(context.problem(c, backward), context.expectation(c, backward), context.results[call]);
  return comparands.filter((comparand) => compareOutput(comparand).worst);
}

/** Returns the hypotheses under which the outputs of the wrong calls would be right, and no right one wrong. */
function answersOf(context: JudgeContext, wrong: readonly WrongCall[]): Answers {
  const { supposed } = context;
  const calls = wrong.map(({ call }) => call);
  if (workOf(context, calls) > (supposed ? FEW : 1) * MOST_WORK) return { answers: undefined };
  let common = supposed;
  const untold: Hypothesis[] = [];
  for (const [at, one] of wrong.entries()) {
    common = answersThatFit(context, one, common, untold, at > 0);
    if (common.length === 0) break;
  }
  // a hypothesis that is not about a call, such as one of two tiles about one of few keys, says nothing of it
  if (common && common.length > 0) {
    const { refutes } = evidenceOfCalls(context, rightCalls(context, calls), common);
    common = common.filter((x) => !among(refutes, x));
  }
  const gradients = wrong.filter(({ call }) => context.calls[call].command === 'backward');
  const names = gradients.flatMap(({ off }) => off.map(({ output }) => output));
  const beside = supposed?.filter((x) => !calls.some((call) => isAbout(context, call, x)));
  return { answers: common && [...common], untold, ...(beside?.length && { beside }), ...(!supposed && { wrong: names }) };
}

/** The right calls of the same pass as the wrong ones, as many as are computed soon. */
function rightCalls(context: JudgeContext, wrong: readonly number[]): number[] {
  const commands = new Set(wrong.map((call) => context.calls[call].command));
  let work = 0;
  return context.calls.flatMap(({ command }, call) => {
    if (wrong.includes(call) || !commands.has(command) || context.results[call].outcome) return [];
    work += workOf(context, [call]);
    return work <= FEW * MOST_WORK && wrongOutputs(context, call).length === 0 ? [call] : [];
  });
}

/**
 * Returns the evidence of a case whose outputs are right: hypotheses under which some outputs would be wrong are refuted, one of
 * several problems if none fits, and the others that apply to the case are allowed.
 */
export function evidenceOf(context: JudgeContext, supposed: readonly Hypothesis[]): Evidence {
  const calls = context.calls.flatMap((_, call) => (context.results[call].outcome ? [] : [call]));
  if (workOf(context, calls) > FEW * MOST_WORK) return { refutes: [], allows: [] };
  return evidenceOfCalls(context, calls, supposed);
}

type Evidence = Required<Pick<PassJudgement, 'refutes' | 'allows'>>;

function evidenceOfCalls(context: JudgeContext, calls: readonly number[], supposed: readonly Hypothesis[]): Evidence {
  const refutes: Hypothesis[] = [];
  const tried: Hypothesis[] = [];
  for (const call of calls) {
    const [wrong, fitting]: Hypothesis[][] = [[], []];
    for (const { tested, hypothesis } of hypothesesAbout(context, call, supposed)) {
      if (tested.loosens || among(refutes, hypothesis)) continue;
      (answers(context, call, tested) === false ? wrong : fitting).push(hypothesis);
    }
    refutes.push(...wrong.filter((x) => !among(fitting, x)));
    tried.push(...fitting);
  }
  return { refutes, allows: tried.filter((x) => !among(refutes, x)) };
}

/** Tells whether a hypothesis is about a call: it has none of the tiles, masks or options of others. */
function isAbout(context: JudgeContext, call: number, x: Hypothesis): boolean {
  for (const _ of hypothesesAbout(context, call, [x])) return true;
  return false;
}

/** @param only rows of a call of an operator that is computed row by row; if absent, all. */
function workOf(context: JudgeContext, calls: readonly number[], only = Infinity): number {
  return calls.reduce((sum, call) => {
    const { command, case: c } = context.calls[call];
    const { b, hk, g, m, n, d, e } = c.dims;
    const byRow = isStreamed(context.claims.operator(c.operator) as Operator);
    const all = b * hk * g * m;
    const rows = Math.min(all, c.values.rows ?? Infinity, byRow ? only : Infinity);
    // an interpreted program computes the hidden cells too
    const cells = byRow
      ? (rows * context.problem(c, command === 'backward').mask.area()) / all + MADE * b * hk * n
      : INTERPRETED * rows * n;
    return sum + (command === 'backward' ? 8 : 1) * cells * (d + e);
  }, 0);
}

/**
 * Yields the hypotheses about a call, with and without the problem that tests them: those about all outputs, then those about o alone.
 * @param only the only ones to yield; if absent, all.
 */
function* hypothesesAbout(
  context: JudgeContext,
  call: number,
  only: readonly Hypothesis[] | undefined,
): Generator<{ tested: ProblemHypothesis; hypothesis: Hypothesis }> {
  const subject = subjectOf(context, call);
  for (const tested of aboutAllThenOne(subject, context.results[call])) {
    const { text, size, declare, bounded } = tested;
    const hypothesis = {
      text,
      ...(size !== undefined && { size }),
      ...(declare !== undefined && { declare }),
      ...(bounded && { bounded }),
    };
    if (!only || among(only, hypothesis)) yield { tested, hypothesis };
    for (const about of only ?? [])
      if (about.output !== undefined && about.text === text && about.size === size)
        yield { tested: { ...tested, output: about.output }, hypothesis: about };
  }
  for (const hypothesis of only ?? []) {
    const problem = scaledAs(hypothesis, subject.problem);
    if (problem) yield { tested: { ...hypothesis, problem }, hypothesis };
  }
}

/** Kernels compute the LSE apart, rightly or wrong in another way: what explains o alone is no reason to declare anything. */
function* aboutAllThenOne(subject: Subject, outputs: Tensors): Generator<ProblemHypothesis> {
  yield* hypotheses(subject);
  if (subject.backward || !outputs.o || !outputs.lse) return;
  for (const { declare: _, ...hypothesis } of hypotheses(subject))
    if (!hypothesis.explains && !hypothesis.untold) yield { ...hypothesis, text: `${hypothesis.text}, in o alone`, outputs: ['o'] };
}

/**
 * Returns the hypotheses that fit the outputs of a call.
 * @param only hypotheses that are left to try; if absent, all. @param untold list to which those are added that the call cannot tell.
 * @param withNaN as of besideAnswer.
 */
function answersThatFit(
  context: JudgeContext,
  { call, off }: WrongCall,
  only: readonly Hypothesis[] | undefined,
  untold: Hypothesis[],
  withNaN = false,
): Hypothesis[] {
  const found: Hypothesis[] = [];
  const alone: Hypothesis[] = [];
  const backward = context.calls[call].command === 'backward';
  const suspect = backward ? undefined : wrongRow(off);
  for (const { tested, hypothesis } of hypothesesAbout(context, call, only)) {
    if (found.some((other) => isSame(other, hypothesis))) continue;
    if (tested.outputs && !only && (found.length > 0 || !off.some(({ output }) => output === 'o'))) break;
    // most are told by one row
    if (
      !tested.untold &&
      suspect &&
      (!tested.after || tested.byRow) &&
      !tested.explains &&
      !answers(context, call, tested, rowAt(suspect), withNaN)
    )
      continue;
    const compared = besideAnswer(context, call, tested, undefined, withNaN);
    const answer = isAnswer(tested, compared, off);
    // a case that is right by a hypothesis, and too small to be explained by it, says nothing against it
    if (answer === undefined || (only && !answer && areRight(compared))) untold.push(hypothesis);
    else if (answer) found.push(hypothesis);
    else if (!only && backward) alone.push(...aloneIn(tested, hypothesis, compared, off));
  }
  if (found.length > 0 || only) return found;
  const scales = searched(context, call, suspect, off);
  return scales.length > 0 ? scales : alone;
}

/** Tells whether no output is wrong beside an answer. */
function areRight(compared: Beside): boolean {
  return typeof compared === 'object' && compared.length > 0 && !compared.some((x) => compareOutput(x).worst);
}

/** Names the wrong gradients that a hypothesis explains alone, where another is right or wrong in another way. */
function aloneIn(tested: ProblemHypothesis, { text, size }: Hypothesis, compared: Beside, off: readonly Comparand[]): Hypothesis[] {
  if (typeof compared !== 'object' || tested.outputs || tested.loosens || tested.bounded) return [];
  return off.flatMap((wrong) => {
    const { output } = wrong;
    const own = compared.filter((x) => x.output === output);
    const isAnswered = isAnswer({ ...tested, output }, own, [wrong]) && wrongValues(wrong) >= LEAST_ALONE;
    return isAnswered ? [{ text, ...(size !== undefined && { size }), output }] : [];
  });
}

/**
 * Returns the scale that explains the outputs of a call which no hypothesis of a list explains, as a hypothesis; none if there is no such scale.
 * @param suspect row of a forward pass by which the scale is searched for. @param off the wrong outputs, which it must explain.
 */
function searched(context: JudgeContext, call: number, suspect: readonly number[] | undefined, off: readonly Comparand[]): Hypothesis[] {
  const { problem, backward } = subjectOf(context, call);
  if (!problem.operator.options?.scale || workOf(context, [call], suspect ? 1 : Infinity) > MOST_SEARCHED) return [];
  if (off.reduce((sum, x) => sum + wrongValues(x), 0) < LEAST_WRONG) return [];
  const outputs = context.results[call];
  const fitOf = (other: Problem): Fit => {
    const compared = comparandsOf(other, context.evaluate(other, backward, suspect && rowAt(suspect)), outputs);
    return { distance: compared.reduce((sum, x) => sum + distanceOf(x), 0), fits: !compared.some((x) => compareOutput(x).worst) };
  };
  const found = fittedScale(problem, fitOf);
  if (!found) return [];
  if (!isAnswer(found, besideAnswer(context, call, found), off)) return [];
  const { problem: _, ...hypothesis } = found;
  return [hypothesis];
}

const rowAt =
  ([x, y, z]: readonly number[]): RowFilter =>
  (b, h, i) =>
    b === x && h === y && i === z;

/** Subject from which hypotheses about a call are made. */
export function subjectOf(context: JudgeContext, call: number): Subject {
  const { case: c, command } = context.calls[call];
  const backward = command === 'backward';
  const problem = context.problem(c, backward);
  return {
    problem,
    backward,
    outputs: Object.keys(context.results[call]),
    booleanMask: maskForm(context.claims, c, problem.mask)?.by === 'boolean',
    placements: placementsOf(context.claims, c),
    problemOf: (other) => context.problem(other),
    evaluate: context.evaluate,
  };
}

/** Batch entry, head and query of the worst element of o or the LSE. */
function wrongRow([first]: readonly Comparand[]): readonly number[] | undefined {
  return first && compareOutput(first).worst?.index;
}
