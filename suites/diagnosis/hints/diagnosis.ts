import { explanationText } from '../../../spec/lib/explanation.js';
import type { Explanation } from '../../../spec/types/documents.js';
import type { Diagnosis, Hypothesis } from '../../contract/diagnosis.js';

/** Hypotheses of a diagnosis. */
export type Answers = Pick<Diagnosis, 'answers' | 'untold' | 'wrong' | 'beside'>;

/** Largest number of hypotheses of a hint: more explain nothing, because the cases do not tell them apart. */
const MOST = 2;
/** Share of other failing cases in which a hypothesis holds: some of them may have another fault. */
const MOST_OF = 1 / 2;
/** Fewest cases of other sizes that refute a hypothesis which holds in none of them: one alone may have another fault. */
const REFUTING = 2;

/** Evidence of further cases about the hypotheses that are to be confirmed. */
export interface Confirmation {
  /** Diagnoses of other failing cases, some of which may have another fault. */
  readonly failing: readonly Diagnosis[];
  /** Diagnoses of the failing cases that are this one with other values: what explains it explains each of them. */
  readonly variants?: readonly Diagnosis[];
  /** Diagnoses of failing cases of the check that are no variants of this one with other values. */
  readonly others?: readonly Diagnosis[];
  /** Reasons not to declare a hypothesis: under it, a case that the kernel gets right would be wrong. */
  readonly doubts?: readonly (readonly [Hypothesis, string])[];
  /** Evidence of cases that the kernel gets right: one that is wrong under one hypothesis and right under another supports the latter. */
  readonly right?: readonly { readonly refutes?: readonly Hypothesis[]; readonly allows?: readonly Hypothesis[] }[];
  /** Hypotheses under which the failing case would be wrong with other values, with which the kernel gets it right. */
  readonly refuted?: readonly Hypothesis[];
  /** Wrong elements that a hypothesis must explain in one of the cases if no other case confirms it: fewer have an explanation by chance. */
  readonly least?: number;
}

/** Explanation of a failure by its cases. */
export interface Explained {
  /** Hint about the failure; absent if there is nothing to say. */
  readonly hint?: string;
  /** Explanations of all outputs that fit every case: those of the hint or, without one, those that the cases leave. Each completes "the output matches …". */
  readonly explanations?: readonly Explanation[];
}

/**
 * Explains a failure. The same fault fails all the cases: a hypothesis is kept if it
 * holds in each case that was tried, in their variants, and in most of the other failing cases that can tell, of which one is no variant, and a sign if the first case has it, and each of
 * the others that has a sign. A sign must hold in at least half of the further failing cases.
 * @param diagnoses diagnoses of a failing case and of those that it shrank to, the largest first.
 */
export function explanationOf(diagnoses: readonly Diagnosis[], confirmation: Confirmation = { failing: [] }): Explained {
  const all = candidatesOf(diagnoses);
  const likely = (output: string | undefined) =>
    likelyOf(
      all.filter((x) => x.output === output),
      diagnoses,
      confirmation,
    );
  const whole = likely(undefined);
  if (areFew(whole)) return { hint: describe(whole, confirmation.doubts ?? []), explanations: withSizes(whole) };
  const parts = outputsOf(all).map((output) => [output, likely(output)] as const);
  const wrong = diagnoses.flatMap((diagnosis) => diagnosis.wrong ?? []);
  // what has too many explanations together has one of these, and not one for each output
  const { failing } = confirmation;
  const isTogether = all.some((x) => x.output === undefined && failing.length > 0 && holdsInAll(failing, x));
  const apart = whole.length === 0 && !isTogether ? describeParts(parts, wrong) : undefined;
  const hint = apart ?? signOf(diagnoses, confirmation.failing);
  if (hint !== undefined) return { hint };
  const explanations = withSizes(openOf(all, diagnoses, confirmation));
  return explanations.length > 0 ? { explanations } : {};
}

/** Returns the candidates about all outputs that no case refutes, however many there are and however few cases confirm them. */
function openOf(candidates: readonly Hypothesis[], diagnoses: readonly Diagnosis[], { failing, others = [], refuted = [] }: Confirmation) {
  return candidates.filter(
    (x) => x.output === undefined && !x.bounded && holdsInAll([...diagnoses, ...failing, ...others], x) && !among(refuted, x),
  );
}

/** Returns the candidates that the cases leave. */
function likelyOf(
  candidates: readonly Hypothesis[],
  diagnoses: readonly Diagnosis[],
  { failing, others = [], right = [], ...unconfirmed }: Confirmation,
): readonly Hypothesis[] {
  const all = likeliest(candidates, failing, diagnoses, unconfirmed).filter((x) => !isRefutedBy(others, x));
  const further = [...failing, ...others];
  const explaining = unbeaten(all, (x, y) => !x.bounded && further.some((one) => holdsIn(one, x) && holdsIn(one, y) === false));
  // a right case tells less than a failing one: the fault may depend on what it lacks
  const left = unbeaten(explaining, (x, y) => right.some(({ refutes = [], allows = [] }) => among(refutes, y) && among(allows, x)));
  const exact = left.filter(({ bounded }) => !bounded);
  return exact.length > 0 ? exact : left;
}

/** Tells whether there are some, and no more than explain anything. */
function areFew(hypotheses: readonly Hypothesis[]): boolean {
  const texts = new Set(hypotheses.map(({ text }) => text));
  return texts.size > 0 && texts.size <= MOST;
}

/**
 * Hypotheses that may be given for a failure: of those about all outputs, and of those about each gradient alone, the ones that hold in all tried
 * cases, or if there are none, in any of them. One about all outputs that does not hold in all cases may hold of one gradient.
 */
export function candidatesOf(diagnoses: readonly Diagnosis[]): readonly Hypothesis[] {
  const found = answersOf(diagnoses)
    .flat()
    .filter((x, at, all) => all.findIndex((other) => isSame(other, x)) === at);
  const likely = (about: readonly Hypothesis[]) => {
    const common = about.filter((x) => holdsInAll(diagnoses, x));
    return common.length > 0 ? common : about;
  };
  const whole = found.filter(({ output }) => output === undefined);
  const uncommon = whole.filter((x) => !x.bounded && !holdsInAll(diagnoses, x));
  const gradients = new Set(diagnoses.flatMap(({ wrong = [] }) => wrong));
  const alone = [...gradients].map((output) => {
    const own = found.filter((x) => x.output === output);
    const more = uncommon.map(({ text, size }) => ({ text, ...(size !== undefined && { size }), output }));
    return [...own, ...more.filter((x) => !among(own, x))];
  });
  return [whole, ...alone].flatMap(likely);
}

/** The outputs that hypotheses are about alone. */
function outputsOf(hypotheses: readonly Hypothesis[]): string[] {
  return [...new Set(hypotheses.flatMap(({ output }) => output ?? []))];
}

/** Tells whether a hypothesis holds in every case that can tell. */
function holdsInAll(diagnoses: readonly Diagnosis[], x: Hypothesis): boolean {
  return diagnoses.every((diagnosis) => holdsIn(diagnosis, x) !== false);
}

/** Tells whether a hypothesis holds in a case; undefined if the case cannot tell. */
function holdsIn({ answers, untold = [], beside = [], wrong }: Diagnosis, x: Hypothesis): boolean | undefined {
  if (x.output !== undefined && wrong?.includes(x.output) === false) return undefined;
  if (!answers || among(untold, x) || among(beside, x)) return undefined;
  // what explains all outputs explains each
  return answers.some((answer) => isSame(answer, x) || isSame(answer, { ...x, output: undefined }));
}

/** Tells whether several cases can tell whether a hypothesis holds, and it holds in none of them. */
function isRefutedBy(diagnoses: readonly Diagnosis[], x: Hypothesis): boolean {
  const told = diagnoses.flatMap((diagnosis) => holdsIn(diagnosis, x) ?? []);
  return told.length >= REFUTING && !told.includes(true);
}

/** Returns those that no other one beats, unless it is beaten by it too; all, if none is left. */
function unbeaten(all: readonly Hypothesis[], beats: (x: Hypothesis, y: Hypothesis) => boolean): readonly Hypothesis[] {
  const left = all.filter((x) => !all.some((y) => beats(y, x) && !beats(x, y)));
  return left.length > 0 ? left : all;
}

function answersOf(diagnoses: readonly Diagnosis[]): (readonly Hypothesis[])[] {
  return diagnoses.flatMap(({ answers }) => (answers ? [answers] : []));
}

/** Zeros alone are those of rows that see nothing, and of a kernel that computes nothing: they tell only how far off outputs may be. */
export function toldByZeros({ answers, untold = [], ...rest }: Answers): Answers {
  if (!answers) return { ...rest, answers, untold };
  return { ...rest, answers: answers.filter(({ bounded }) => bounded), untold: [...untold, ...answers.filter(({ bounded }) => !bounded)] };
}

/** Tells whether a hypothesis is in a list. */
export function among(hypotheses: readonly Hypothesis[], x: Hypothesis): boolean {
  return hypotheses.some((other) => isSame(other, x));
}

/** Tells whether two hypotheses have the same text and size, and are about the same outputs. */
export function isSame(a: Hypothesis, b: Hypothesis): boolean {
  return a.text === b.text && a.size === b.size && a.output === b.output;
}

/**
 * Likeliest hypotheses: those that hold in every case that was tried and in its variants, as far as these can tell, in most of the other failing cases, which may
 * have another fault, and are about more than half of them. If no further case can tell, they must explain enough of a case that was tried, and not be refuted.
 */
function likeliest(
  candidates: readonly Hypothesis[],
  further: readonly Diagnosis[],
  tried: readonly Diagnosis[],
  { refuted = [], variants = [], least: leastWrong = 0 }: Pick<Confirmation, 'refuted' | 'variants' | 'least'>,
): readonly Hypothesis[] {
  const counted = candidates.map((x) => {
    const telling = further.flatMap((diagnosis) => holdsIn(diagnosis, x) ?? []);
    const besides = further.filter(({ beside = [] }) => among(beside, x)).length;
    const holds = telling.filter(Boolean).length;
    const isUsual = holds > MOST_OF * telling.length && telling.length > besides;
    return { x, telling: telling.length, isUsual, everywhere: holdsInAll([...tried, ...variants], x) };
  });
  if (counted.every(({ telling }) => telling === 0)) {
    if (!tried.some(({ answers, explained = 0 }) => answers && explained >= leastWrong)) return [];
    return counted.filter(({ x, everywhere }) => everywhere && !among(refuted, x)).map(({ x }) => x);
  }
  return counted.filter(({ isUsual, everywhere }) => isUsual && everywhere).map(({ x }) => x);
}

function describe(hypotheses: readonly Hypothesis[], doubts: NonNullable<Confirmation['doubts']>): string {
  return `the output matches ${textsOf(hypotheses)}${adviceOf(hypotheses, doubts)}`;
}

function textsOf(hypotheses: readonly Hypothesis[]): string {
  return withSizes(hypotheses).map(explanationText).join(', and also ');
}

/** Hypotheses that differ in size alone, as one. */
function withSizes(hypotheses: readonly Hypothesis[]): Explanation[] {
  const sizes = new Map<string, number[]>();
  for (const { text, size } of hypotheses) sizes.set(text, [...(sizes.get(text) ?? []), ...(size === undefined ? [] : [size])]);
  return [...sizes].map(([text, all]) => ({ text, ...(all.length > 0 && { sizes: all }) }));
}

/**
 * Says what explains each output alone, those together that have one explanation, and which of the wrong outputs have none; undefined if none
 * has any.
 */
function describeParts(parts: readonly (readonly [string, readonly Hypothesis[]])[], wrong: readonly string[]): string | undefined {
  const byText = new Map<string, string[]>();
  for (const [output, hypotheses] of parts) {
    if (!areFew(hypotheses)) continue;
    const text = textsOf(hypotheses);
    byText.set(text, [...(byText.get(text) ?? []), output]);
  }
  if (byText.size === 0) return undefined;
  const said = [...byText].map(([text, outputs]) => `${outputs.join(' and ')} ${outputs.length === 1 ? 'matches' : 'match'} ${text}`);
  const explained = [...byText.values()].flat();
  const left = [...new Set(wrong)].filter((output) => !explained.includes(output));
  return [...said, ...(left.length > 0 ? [`nothing explains ${left.join(' and ')}`] : [])].join('; ');
}

/** Advice on how to declare the behaviour if it is intended, or on why a declaration would not help. */
function adviceOf(hypotheses: readonly Hypothesis[], doubts: NonNullable<Confirmation['doubts']>): string {
  const doubtOf = (x: Hypothesis) => doubts.find(([of]) => isSame(of, x))?.[1];
  const declared = hypotheses.filter(({ declare }) => declare !== undefined);
  const sure = declared.filter((x) => doubtOf(x) === undefined);
  if (sure.length > 0) return `: if this is intended, declare it with ${sure.map(({ declare }) => declare).join(' or ')}`;
  const [doubt] = declared.flatMap((x) => doubtOf(x) ?? []);
  return doubt === undefined ? '' : `; but do not declare it: ${doubt}`;
}

function signOf([first, ...others]: readonly Diagnosis[], failing: readonly Diagnosis[]): string | undefined {
  return first?.signs.find(
    (sign) =>
      others.every(({ signs }) => signs.length === 0 || signs.includes(sign)) &&
      2 * failing.filter(({ signs }) => signs.includes(sign)).length >= failing.length,
  );
}
