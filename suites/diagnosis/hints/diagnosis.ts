import { explanationText } from '../../../spec/lib/explanation.js';
import type { Explanation } from '../../../spec/types/documents.js';
import type { Diagnosis, Hypothesis } from '../../contract/diagnosis.js';

/** Hypotheses of a diagnosis, by how they fared. */
export type Answers = Pick<Diagnosis, 'answers' | 'untold' | 'wrong' | 'beside'>;

/** Most hypotheses of a hint: more say only that the cases do not tell them apart. */
const MOST = 2;
/** Share of other failing cases in which a hypothesis must hold: some may have another fault. */
const MOST_OF = 1 / 2;
const REFUTING = 2;

/** Evidence of further cases about hypotheses. */
export interface Confirmation {
  readonly failing: readonly Diagnosis[];
  /** The same case with other values: its explanation must hold in all of them. */
  readonly variants?: readonly Diagnosis[];
  /** Failing cases of the check that are not variants. */
  readonly others?: readonly Diagnosis[];
  readonly doubts?: readonly (readonly [Hypothesis, string])[];
  /** Right cases: one wrong under one hypothesis and right under another supports the latter. */
  readonly right?: readonly { readonly refutes?: readonly Hypothesis[]; readonly allows?: readonly Hypothesis[] }[];
  readonly refuted?: readonly Hypothesis[];
  /** Wrong elements a hypothesis must explain in one case if no other confirms it. */
  readonly least?: number;
}

/** Hint and explanations of a failure, if any. */
export interface Explained {
  readonly hint?: string;
  readonly explanations?: readonly Explanation[];
}

/**
 * Explains a failure, assuming that one fault fails all cases. A hypothesis must hold in every
 * tried case and variant, and in most other failing cases that can tell. A sign must be in the
 * first case, in each tried case that has signs, and in at least half of the other failing cases.
 * @param diagnoses of a failing case and of its shrunk forms, the largest first.
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
  // several explanations of all outputs together: do not explain them one by one
  const { failing } = confirmation;
  const isTogether = all.some((x) => x.output === undefined && failing.length > 0 && holdsInAll(failing, x));
  const apart = whole.length === 0 && !isTogether ? describeParts(parts, wrong) : undefined;
  const hint = apart ?? signOf(diagnoses, confirmation.failing);
  if (hint !== undefined) return { hint };
  const explanations = withSizes(openOf(all, diagnoses, confirmation));
  return explanations.length > 0 ? { explanations } : {};
}

/** Candidates about all outputs that no case refutes, however few cases confirm them. */
function openOf(candidates: readonly Hypothesis[], diagnoses: readonly Diagnosis[], { failing, others = [], refuted = [] }: Confirmation) {
  return candidates.filter(
    (x) => x.output === undefined && !x.bounded && holdsInAll([...diagnoses, ...failing, ...others], x) && !among(refuted, x),
  );
}

function likelyOf(
  candidates: readonly Hypothesis[],
  diagnoses: readonly Diagnosis[],
  { failing, others = [], right = [], ...unconfirmed }: Confirmation,
): readonly Hypothesis[] {
  const all = likeliest(candidates, failing, diagnoses, unconfirmed).filter((x) => !isRefutedBy(others, x));
  const further = [...failing, ...others];
  const explaining = unbeaten(all, (x, y) => !x.bounded && further.some((one) => holdsIn(one, x) && holdsIn(one, y) === false));
  // a right case weighs less than a failing one: it may lack the trigger of the fault
  const left = unbeaten(explaining, (x, y) => right.some(({ refutes = [], allows = [] }) => among(refutes, y) && among(allows, x)));
  const exact = left.filter(({ bounded }) => !bounded);
  return exact.length > 0 ? exact : left;
}

function areFew(hypotheses: readonly Hypothesis[]): boolean {
  const texts = new Set(hypotheses.map(({ text }) => text));
  return texts.size > 0 && texts.size <= MOST;
}

/** Hypotheses about all outputs, or one gradient, that hold in all tried cases, else in any. */
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

function outputsOf(hypotheses: readonly Hypothesis[]): string[] {
  return [...new Set(hypotheses.flatMap(({ output }) => output ?? []))];
}

function holdsInAll(diagnoses: readonly Diagnosis[], x: Hypothesis): boolean {
  return diagnoses.every((diagnosis) => holdsIn(diagnosis, x) !== false);
}

function holdsIn({ answers, untold = [], beside = [], wrong }: Diagnosis, x: Hypothesis): boolean | undefined {
  if (x.output !== undefined && wrong?.includes(x.output) === false) return undefined;
  if (!answers || among(untold, x) || among(beside, x)) return undefined;
  return answers.some((answer) => isSame(answer, x) || isSame(answer, { ...x, output: undefined }));
}

function isRefutedBy(diagnoses: readonly Diagnosis[], x: Hypothesis): boolean {
  const told = diagnoses.flatMap((diagnosis) => holdsIn(diagnosis, x) ?? []);
  return told.length >= REFUTING && !told.includes(true);
}

/** Drops hypotheses strictly beaten by another; keeps all if that would drop every one. */
function unbeaten(all: readonly Hypothesis[], beats: (x: Hypothesis, y: Hypothesis) => boolean): readonly Hypothesis[] {
  const left = all.filter((x) => !all.some((y) => beats(y, x) && !beats(x, y)));
  return left.length > 0 ? left : all;
}

function answersOf(diagnoses: readonly Diagnosis[]): (readonly Hypothesis[])[] {
  return diagnoses.flatMap(({ answers }) => (answers ? [answers] : []));
}

/** All-zero outputs may be empty rows or a dead kernel: they confirm bounded hypotheses only. */
export function toldByZeros({ answers, untold = [], ...rest }: Answers): Answers {
  if (!answers) return { ...rest, answers, untold };
  return { ...rest, answers: answers.filter(({ bounded }) => bounded), untold: [...untold, ...answers.filter(({ bounded }) => !bounded)] };
}

/** True if a hypothesis is in a list, by `isSame`. */
export function among(hypotheses: readonly Hypothesis[], x: Hypothesis): boolean {
  return hypotheses.some((other) => isSame(other, x));
}

/** Compares text, size and output. */
export function isSame(a: Hypothesis, b: Hypothesis): boolean {
  return a.text === b.text && a.size === b.size && a.output === b.output;
}

/**
 * Keeps hypotheses that hold in every tried case and variant, and in most other failing cases, over
 * half of which must be able to tell. If no other case can tell, they must explain enough wrong
 * elements and not be refuted.
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

function withSizes(hypotheses: readonly Hypothesis[]): Explanation[] {
  const sizes = new Map<string, number[]>();
  for (const { text, size } of hypotheses) sizes.set(text, [...(sizes.get(text) ?? []), ...(size === undefined ? [] : [size])]);
  return [...sizes].map(([text, all]) => ({ text, ...(all.length > 0 && { sizes: all }) }));
}

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
