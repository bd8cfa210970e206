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

/** Most work, visible cells·(d + e), for other answers; backward calls count eightfold. */
const MOST_WORK = 2e6;
/** Work per element of K or V, which other answers may rebuild, relative to a cell. */
const MADE = 1 / 4;
const INTERPRETED = 16;
/** Factor on MOST_WORK if only a few hypotheses are to be confirmed. */
const FEW = 4;
const MOST_SEARCHED = 4e4;
/** Distinct wrong elements that a searched or unconfirmed answer must explain. */
export const LEAST_WRONG = 4;
const LEAST_ALONE = 2;

/** Diagnoses wrong outputs. Returns {} if no diagnosis is requested or no output is wrong. */
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

interface WrongCall {
  readonly call: number;
  readonly off: readonly Comparand[];
}

function isZero({ actual }: Comparand): boolean {
  const values = valuesOf(actual);
  return values.length > 1 && values.every((x) => x === 0);
}

/** Wrong outputs of a call, beside the expected ones. */
export function wrongOutputs(context: JudgeContext, call: number): Comparand[] {
  const { case: c, command } = context.calls[call];
  const backward = command === 'backward';
  const comparands = comparandsOf(context.problem(c, backward), context.expectation(c, backward), context.results[call]);
  return comparands.filter((comparand) => compareOutput(comparand).worst);
}

/** Hypotheses under which all wrong calls would be right, and no right call wrong. */
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
  // hypotheses that do not apply to a right call, e.g. of two tiles to few keys, survive it
  if (common && common.length > 0) {
    const { refutes } = evidenceOfCalls(context, rightCalls(context, calls), common);
    common = common.filter((x) => !among(refutes, x));
  }
  const gradients = wrong.filter(({ call }) => context.calls[call].command === 'backward');
  const names = gradients.flatMap(({ off }) => off.map(({ output }) => output));
  const beside = supposed?.filter((x) => !calls.some((call) => isAbout(context, call, x)));
  return { answers: common && [...common], untold, ...(beside?.length && { beside }), ...(!supposed && { wrong: names }) };
}

function rightCalls(context: JudgeContext, wrong: readonly number[]): number[] {
  const commands = new Set(wrong.map((call) => context.calls[call].command));
  let work = 0;
  return context.calls.flatMap(({ command }, call) => {
    if (wrong.includes(call) || !commands.has(command) || context.results[call].outcome) return [];
    work += workOf(context, [call]);
    return work <= FEW * MOST_WORK && wrongOutputs(context, call).length === 0 ? [call] : [];
  });
}

/** Evidence of a right case: refutes hypotheses without a fitting problem, allows the rest. */
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

/** False if the call lacks the tiles, masks or options of the hypothesis. */
function isAbout(context: JudgeContext, call: number, x: Hypothesis): boolean {
  for (const _ of hypothesesAbout(context, call, [x])) return true;
  return false;
}

/** @param only most rows counted per call, for operators computed row by row. */
function workOf(context: JudgeContext, calls: readonly number[], only = Infinity): number {
  return calls.reduce((sum, call) => {
    const { command, case: c } = context.calls[call];
    const { b, hk, g, m, n, d, e } = c.dims;
    const byRow = isStreamed(context.claims.operator(c.operator) as Operator);
    const all = b * hk * g * m;
    const rows = Math.min(all, c.values.rows ?? Infinity, byRow ? only : Infinity);
    const cells = byRow
      ? (rows * context.problem(c, command === 'backward').mask.area()) / all + MADE * b * hk * n
      : INTERPRETED * rows * n;
    return sum + (command === 'backward' ? 8 : 1) * cells * (d + e);
  }, 0);
}

/** Yields hypotheses with problems that test them: about all outputs, then about o alone. */
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

/** Adds hypotheses about o alone, without a declaration: the LSE may be computed separately. */
function* aboutAllThenOne(subject: Subject, outputs: Tensors): Generator<ProblemHypothesis> {
  yield* hypotheses(subject);
  if (subject.backward || !outputs.o || !outputs.lse) return;
  for (const { declare: _, ...hypothesis } of hypotheses(subject))
    if (!hypothesis.explains && !hypothesis.untold) yield { ...hypothesis, text: `${hypothesis.text}, in o alone`, outputs: ['o'] };
}

/** Hypotheses, of `only` if given, that fit a call. @param untold receives those it cannot tell. */
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
    // right under the hypothesis but too small to be explained by it: no evidence against it
    if (answer === undefined || (only && !answer && areRight(compared))) untold.push(hypothesis);
    else if (answer) found.push(hypothesis);
    else if (!only && backward) alone.push(...aloneIn(tested, hypothesis, compared, off));
  }
  if (found.length > 0 || only) return found;
  const scales = searched(context, call, suspect, off);
  return scales.length > 0 ? scales : alone;
}

function areRight(compared: Beside): boolean {
  return typeof compared === 'object' && compared.length > 0 && !compared.some((x) => compareOutput(x).worst);
}

function aloneIn(tested: ProblemHypothesis, { text, size }: Hypothesis, compared: Beside, off: readonly Comparand[]): Hypothesis[] {
  if (typeof compared !== 'object' || tested.outputs || tested.loosens || tested.bounded) return [];
  return off.flatMap((wrong) => {
    const { output } = wrong;
    const own = compared.filter((x) => x.output === output);
    const isAnswered = isAnswer({ ...tested, output }, own, [wrong]) && wrongValues(wrong) >= LEAST_ALONE;
    return isAnswered ? [{ text, ...(size !== undefined && { size }), output }] : [];
  });
}

/** Searches for a scale that explains `off`. @param suspect forward row used for the search. */
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

function wrongRow([first]: readonly Comparand[]): readonly number[] | undefined {
  return first && compareOutput(first).worst?.index;
}
