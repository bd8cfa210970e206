/** What a wrong output may be: verified on every element of a case. */
export interface Explanation {
  /** Completes "this is …". */
  readonly text: string;
  /** What `{}` in the text stands for. */
  readonly size?: number;
  /** The flag that declares it, where it is a dialect, and the check that tells. */
  readonly declare?: string;
}

/** What explains one failing case. */
export interface Diagnosis {
  /** Answers to other problems that the outputs are; undefined where the case is too large to try them. */
  readonly answers: readonly Explanation[] | undefined;
  /** Explanations of which the case says nothing. */
  readonly untold?: readonly Explanation[];
  /** What strikes in the wrong output: sentences. */
  readonly signs: readonly string[];
}

/** More explanations than this explain nothing: the case tells too little apart. */
const MOST = 2;
/** From so many cases on an explanation that holds in one less than another is as likely. */
const FEW = 4;

/** Evidence of further cases for the explanations that are being confirmed. */
export interface Confirmation {
  /** Diagnoses of other cases that fail, of which some may have another fault. */
  readonly failing: readonly Diagnosis[];
  /** Reasons not to declare an explanation: by it, a case that the kernel gets right would be wrong. */
  readonly doubts?: readonly (readonly [Explanation, string])[];
  /** Evidence of cases that the kernel gets right: what would be wrong by one explanation, and right by another, is evidence for the other. */
  readonly right?: readonly { readonly refutes?: readonly Explanation[]; readonly allows?: readonly Explanation[] }[];
}

/**
 * What is said of a failure. The same fault fails all the cases: an explanation is kept where it holds in each that was tried, and a sign
 * where it holds in the first, and in each of the others that has one. Either must hold in more than half of the further failing cases.
 * @param diagnoses of a failing case and of those that it shrank to, the largest first.
 */
export function hintOf(
  diagnoses: readonly Diagnosis[],
  { failing, doubts = [], right = [] }: Confirmation = { failing: [] },
): string | undefined {
  const all = likeliest(candidatesOf(diagnoses), failing, diagnoses);
  const beats = (x: Explanation, y: Explanation) => right.some(({ refutes = [], allows = [] }) => among(refutes, y) && among(allows, x));
  const unbeaten = all.filter((x) => !all.some((y) => beats(y, x) && !beats(x, y)));
  const likely = unbeaten.length > 0 ? unbeaten : all;
  if (new Set(likely.map(({ text }) => text)).size > MOST) return undefined;
  return likely.length > 0 ? describe(likely, doubts) : signOf(diagnoses, failing);
}

/** The explanations that may be said of a failure: those that hold in all the cases that were tried, or where there are none, in any of them. */
export function candidatesOf(diagnoses: readonly Diagnosis[]): readonly Explanation[] {
  const found = answersOf(diagnoses)
    .flat()
    .filter((x, at, all) => all.findIndex((other) => isSame(other, x)) === at);
  const common = found.filter((x) => holdsInAll(diagnoses, x));
  return common.length > 0 ? common : found;
}

/** Tells whether an explanation holds in every case that can tell. */
function holdsInAll(diagnoses: readonly Diagnosis[], x: Explanation): boolean {
  return diagnoses.every(({ answers, untold = [] }) => !answers || among(answers, x) || among(untold, x));
}

function answersOf(diagnoses: readonly Diagnosis[]): (readonly Explanation[])[] {
  return diagnoses.flatMap(({ answers }) => (answers ? [answers] : []));
}

/** Tells whether an explanation is in a list. */
export function among(explanations: readonly Explanation[], x: Explanation): boolean {
  return explanations.some((other) => isSame(other, x));
}

/** The same is said, of the same size. */
export function isSame(a: Explanation, b: Explanation): boolean {
  return a.text === b.text && a.size === b.size;
}

/**
 * Those that hold in about as many further cases as any other, where that is more than half of those that tell; or three quarters, where
 * they do not hold in all the cases that were tried. Where no further case tells they must hold in all of these.
 */
function likeliest(candidates: readonly Explanation[], further: readonly Diagnosis[], tried: readonly Diagnosis[]): readonly Explanation[] {
  const counted = candidates.map((x) => {
    const telling = further.flatMap(({ answers, untold = [] }) => (answers && !among(untold, x) ? [answers] : []));
    return { x, telling: telling.length, holds: telling.filter((answers) => among(answers, x)).length, everywhere: holdsInAll(tried, x) };
  });
  if (counted.every(({ telling }) => telling === 0)) return counted.filter(({ everywhere }) => everywhere).map(({ x }) => x);
  const most = Math.max(0, ...counted.map(({ holds }) => holds));
  const least = most < FEW ? most : most - 1;
  return counted
    .filter(({ telling, holds, everywhere }) => holds >= least && holds > (everywhere ? 1 / 2 : 3 / 4) * telling)
    .map(({ x }) => x);
}

function describe(explanations: readonly Explanation[], doubts: NonNullable<Confirmation['doubts']>): string {
  const sizes = new Map<string, number[]>();
  for (const { text, size } of explanations) sizes.set(text, [...(sizes.get(text) ?? []), ...(size === undefined ? [] : [size])]);
  const texts = [...sizes].map(([text, all]) => text.replace('{}', all.join(' or ')));
  return `this is ${texts.join(', and also ')}${adviceOf(explanations, doubts)}`;
}

/** How to declare what is meant; or that a declaration would not do. */
function adviceOf(explanations: readonly Explanation[], doubts: NonNullable<Confirmation['doubts']>): string {
  const doubtOf = (x: Explanation) => doubts.find(([of]) => isSame(of, x))?.[1];
  const declared = explanations.filter(({ declare }) => declare !== undefined);
  const sure = declared.filter((x) => doubtOf(x) === undefined);
  if (sure.length > 0) return `: if it is meant, declare it with ${sure.map(({ declare }) => declare).join(' or ')}`;
  const [doubt] = declared.flatMap((x) => doubtOf(x) ?? []);
  return doubt === undefined ? '' : `; to declare it would not do: ${doubt}`;
}

function signOf([first, ...others]: readonly Diagnosis[], failing: readonly Diagnosis[]): string | undefined {
  return first?.signs.find(
    (sign) =>
      others.every(({ signs }) => signs.length === 0 || signs.includes(sign)) &&
      2 * failing.filter(({ signs }) => signs.includes(sign)).length >= failing.length,
  );
}
