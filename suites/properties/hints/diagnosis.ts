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
  /** What strikes in the wrong output: sentences. */
  readonly signs: readonly string[];
}

/** More explanations than this explain nothing: the case tells too little apart. */
const MOST = 2;

/**
 * What is said of a failure. The same fault fails all the cases: an explanation is kept where it holds in each that was tried, and a sign
 * where it holds in the first, and in each of the others that has one.
 * @param diagnoses of a failing case and of those that it shrank to, the largest first.
 * @param further of other cases that fail in the same way, of which some may have another fault: those that hold in most of them are kept.
 */
export function hintOf(diagnoses: readonly Diagnosis[], further: readonly Diagnosis[] = []): string | undefined {
  const tried = answersOf(diagnoses);
  const common = tried.length === 0 ? [] : tried.reduce((all, some) => all.filter((x) => among(some, x)));
  const likely = likeliest(common, answersOf(further));
  if (new Set(likely.map(({ text }) => text)).size > MOST) return undefined;
  return likely.length > 0 ? describe(likely) : signOf(diagnoses);
}

function answersOf(diagnoses: readonly Diagnosis[]): (readonly Explanation[])[] {
  return diagnoses.flatMap(({ answers }) => (answers ? [answers] : []));
}

function among(explanations: readonly Explanation[], x: Explanation): boolean {
  return explanations.some((other) => isSame(other, x));
}

/** The same is said, of the same size. */
export function isSame(a: Explanation, b: Explanation): boolean {
  return a.text === b.text && a.size === b.size;
}

/** Those that hold in as many cases as any other, where that is more than half of them. */
function likeliest(common: readonly Explanation[], cases: readonly (readonly Explanation[])[]): readonly Explanation[] {
  const holds = common.map((x) => cases.filter((explanations) => among(explanations, x)).length);
  const most = Math.max(0, ...holds);
  return cases.length > 0 && 2 * most <= cases.length ? [] : common.filter((_, at) => holds[at] === most);
}

function describe(explanations: readonly Explanation[]): string {
  const flags = explanations.flatMap(({ declare }) => declare ?? []);
  const sizes = new Map<string, number[]>();
  for (const { text, size } of explanations) sizes.set(text, [...(sizes.get(text) ?? []), ...(size === undefined ? [] : [size])]);
  const texts = [...sizes].map(([text, all]) => text.replace('{}', all.join(' or ')));
  return `this is ${texts.join(', and also ')}${flags.length === 0 ? '' : `: if it is meant, declare it with ${flags.join(' or ')}`}`;
}

function signOf([first, ...others]: readonly Diagnosis[]): string | undefined {
  return first?.signs.find((sign) => others.every(({ signs }) => signs.length === 0 || signs.includes(sign)));
}
