import type { Case } from '../../../spec/types/documents.js';
import type { Diagnosis, Hypothesis } from '../../contract/diagnosis.js';
import { among, candidatesOf, type Explained, explanationOf, isSame } from '../../diagnosis/hints/diagnosis.js';
import { LEAST_WRONG } from '../../diagnosis/hints/hints.js';
import { entailed, ownOutputs } from '../../diagnosis/own-outputs.js';
import { weightsReadingOf, wrongWeights } from '../../diagnosis/weights/reading.js';
import { oracle } from '../../properties/kernel/oracle.js';
import type { CaseRunner } from '../run/case-runner.js';
import { claimedCalls } from '../run/case-stream.js';
import { type Failed, type Outcome, sameFailure } from '../run/outcome.js';
import { claimOfSizes, sizedVariants } from './claimed-sizes.js';
import { claimsThatHold } from './other-claims.js';

/** Most cases explained from scratch, which takes many answers. */
const MOST = 4;
/** Most cases, besides variants, for confirming hypotheses. */
const MOST_FURTHER = 20;
const MOST_PLACED = 8;
const MOST_AGAIN = 12;
const MOST_KEYS = 256;

/** Cases that explain a failure. */
export interface ExplainingCases {
  /** Failures of the same kind, from first found to smallest. */
  readonly adopted: readonly Case[];
  /** Other failures of any kind. */
  readonly others: readonly Case[];
  fresh(): readonly Case[];
}

interface EarlierFailures {
  /** Hypotheses that explain other failures and are tried first. */
  readonly likely: readonly Hypothesis[];
  /** True to skip the search for further hypotheses. */
  readonly inVain: boolean;
  /** Keeps the explaining hypotheses; an empty list if a search failed. */
  learn(explaining: readonly Hypothesis[]): void;
}

/** Explains a failure, or locates its wrong elements. */
export async function diagnose(
  runner: CaseRunner,
  cases: ExplainingCases,
  failed: Failed,
  earlier?: EarlierFailures,
): Promise<Explanation> {
  const { fixedCalls } = runner.property;
  const own = failed.hint === undefined ? {} : { hint: failed.hint };
  // a hint of fixed calls covers one output: another cause may explain all
  if (failed.verdict !== 'fail' || (failed.hint !== undefined && !fixedCalls)) return own;
  const isRefused = failed.class === 'refused';
  const faults = new Set<string>();
  // refused cases have no elements
  const explained = isRefused ? {} : await explainedByFew(runner, cases, failed, faults, earlier);
  if (explained.hint !== undefined) return explained;
  if (failed.hint !== undefined) return own;
  const [unexplained] = faults;
  const hint = (await otherClaims(runner, cases)) ?? (isRefused ? await refusedSizes(runner, cases) : undefined);
  if (hint !== undefined) return { hint };
  const follows = await followsFromForward(runner, cases, failed);
  if (follows !== undefined) return { hint: follows, entailed: true };
  // with fixed calls, other cases add no evidence
  const where = isRefused || fixedCalls ? undefined : await whereWrong(runner, cases, failed);
  const weights = await weightsRead(runner, cases, failed);
  return {
    ...explained,
    ...(unexplained !== undefined && { unexplained }),
    ...(where !== undefined && { where }),
    ...(weights !== undefined && { weights }),
  };
}

/** Explanation of a failure, or substitutes for it. */
export interface Explanation extends Explained {
  /** True if the failure follows from other wrong answers, as the hint says. */
  readonly entailed?: true;
  /** Without a hint: pattern of wrong elements in a larger case. */
  readonly where?: string;
  /** Without a hint: wrong weights in the smallest case. */
  readonly weights?: string;
  /** Without a hint: error of the suite that ended the search. */
  readonly unexplained?: string;
}

/** Hint that wrong gradients follow from wrong forward outputs, in most cases. */
async function followsFromForward(runner: CaseRunner, { adopted, others }: ExplainingCases, failed: Failed): Promise<string | undefined> {
  const smallest = adopted[adopted.length - 1];
  if (failed.class !== 'gradient' || runner.property.calls(smallest, runner.claims).some(({ command }) => command !== 'backward'))
    return undefined;
  const outcomes = await judged(runner.asking(ownOutputs), [smallest, ...spread([...adopted.slice(0, -1), ...others], MOST_PLACED - 1)]);
  const following = outcomes.flatMap((outcome) => (outcome.status === 'failed' && outcome.class === entailed ? [outcome.message] : []));
  const isSmallest = outcomes[0]?.status === 'failed' && outcomes[0].class === entailed;
  return isSmallest && 2 * following.length > outcomes.length ? following[0] : undefined;
}

/** Describes the weights of the smallest case, if they can be read and o or a gradient is wrong. */
async function weightsRead(runner: CaseRunner, { adopted }: ExplainingCases, failed: Failed): Promise<string | undefined> {
  const { call, output } = failed;
  if (failed.class === 'empty-row') return undefined;
  const calls = runner.property.calls(adopted[adopted.length - 1], runner.claims);
  if (output === undefined || (call === undefined && calls.length > 1)) return undefined;
  const wrong = calls[call ?? 0];
  const isBackward = wrong.command === 'backward';
  const reading = isBackward || output === 'o' ? weightsReadingOf(runner.claims, wrong) : undefined;
  if (!reading) return undefined;
  const [outcome] = await judged(runner.asking(reading), [wrong.case]);
  if (outcome?.status === 'pass') return isBackward ? rightBackward(output) : rightForward;
  return outcome?.status === 'failed' && outcome.class === wrongWeights ? outcome.message : undefined;
}

const rightForward =
  'every weight is right, with one-hot values: the fault lies in their products with the values, or in how these are stored';

function rightBackward(output: string): string {
  const beyond = output === 'dv' ? 'in their products with do, or in how dv is stored' : `in the other factors of ${output}`;
  return `every weight is right in the backward pass, as dv shows with a one-hot do: the fault lies ${beyond}`;
}

async function whereWrong(runner: CaseRunner, { adopted, others }: ExplainingCases, failed: Failed): Promise<string | undefined> {
  const outcomes = await judged(runner, [adopted[0], ...others].slice(0, MOST_PLACED), []);
  const placed = diagnosesOf(outcomes.filter((outcome) => sameFailure(failed, outcome))).flatMap(({ places }) => places ?? []);
  return placed.sort((x, y) => y.wrong - x.wrong)[0]?.text;
}

/** Tries hypotheses of other failures, then a search, unless it often failed for similar ones. */
async function explainedByFew(
  runner: CaseRunner,
  cases: ExplainingCases,
  failed: Failed,
  faults: Set<string>,
  earlier: EarlierFailures | undefined,
): Promise<Explained> {
  if (!earlier) return (await explainedBy(runner, cases, failed, faults)).explained;
  if (earlier.likely.length > 0) {
    const { explained, by } = await explainedBy(runner, cases, failed, faults, earlier.likely);
    if (by.length > 0) return explained;
  }
  if (earlier.inVain) return {};
  const { explained, by } = await explainedBy(runner, cases, failed, faults);
  if (by.length > 0 || explained.hint === undefined) earlier.learn(by);
  return explained;
}

/**
 * Explains a failure by its adopted cases, confirmed by most other failing cases. A hypothesis that
 * a right case contradicts is not to be declared.
 * @param faults receives errors of the suite. @param only hypotheses to try; absent: all.
 */
async function explainedBy(
  runner: CaseRunner,
  cases: ExplainingCases,
  failed: Failed,
  faults: Set<string>,
  only?: readonly Hypothesis[],
): Promise<{ readonly explained: Explained; readonly by: readonly Hypothesis[] }> {
  const run: typeof judged = async (...asked) => {
    const outcomes = await judged(...asked);
    for (const outcome of outcomes) if (outcome.status === 'failed' && outcome.verdict === 'error') faults.add(outcome.message);
    return outcomes;
  };
  const own = (await run(runner, spread(cases.adopted, MOST), only)).filter((outcome) => sameFailure(failed, outcome));
  const found = [...diagnosesOf(own)];
  // if cases are too small or large to tell, add unjudged ones
  if (!only && candidatesOf(found).length === 0 && found.some(({ untold = [] }) => untold.length > 0))
    found.push(...diagnosesOf((await run(runner, furtherCases(cases).slice(0, MOST))).filter((outcome) => sameFailure(failed, outcome))));
  const suppose = candidatesOf(found);
  if (suppose.length === 0 && (only || found.every(({ signs }) => signs.length === 0))) return { explained: {}, by: [] };
  const tried = only ? found : confirmedBy(found, diagnosesOf(await run(runner, spread(cases.adopted, MOST), suppose)));
  const { fixedCalls, needs } = runner.property;
  const { distributions, gradients } = needs;
  const [variants, further] = [variantsOf(cases), furtherCases(cases)];
  // special values, e.g. scores of 0, distinguish little: confirm with usual ones
  const usual = await run(distributions || fixedCalls ? runner.asking(oracle) : runner, variants, suppose);
  const others = await run(fixedCalls ? runner.asking(oracle) : runner, further, suppose);
  const outcomes = [...usual, ...others];
  const forward = gradients ? await run(runner.asking(oracle), [...cases.adopted.slice(-1), ...variants, ...further], suppose) : [];
  const telling = distributions && diagnosesOf(usual).length > 0 ? usual : outcomes;
  const explained = explanationOf(tried, {
    failing: diagnosesOf(telling),
    variants: diagnosesOf(usual.filter((outcome) => fixedCalls || distributions || sameFailure(failed, outcome))),
    others: diagnosesOf(others),
    doubts: suppose.flatMap((x) => doubtOf(x, outcomes, forward)),
    right: outcomes.flatMap((outcome) => (outcome.status === 'pass' ? [outcome] : [])),
    refuted: suppose.filter((x) => refuting(x, usual) > 0),
    least: LEAST_WRONG,
  });
  const { hint, explanations = [] } = explained;
  const isOne = ({ text, size, output }: Hypothesis) =>
    output === undefined && explanations.some((one) => one.text === text && (size === undefined || one.sizes?.includes(size)));
  return { explained, by: hint === undefined ? [] : suppose.filter(isOne) };
}

/** Merges a second look: a hypothesis that a case allows without needing it is not refuted. */
function confirmedBy(found: readonly Diagnosis[], again: readonly Diagnosis[]): readonly Diagnosis[] {
  if (again.length !== found.length) return found;
  return found.map((diagnosis, x) => {
    const { answers = [], untold = [], beside } = again[x];
    const told = diagnosis.answers && [...diagnosis.answers, ...answers.filter((one) => !among(diagnosis.answers ?? [], one))];
    return { ...diagnosis, answers: told, untold: [...(diagnosis.untold ?? []), ...untold], ...(beside && { beside }) };
  });
}

function otherClaims(runner: CaseRunner, { adopted, others }: ExplainingCases): Promise<string | undefined> {
  if (!runner.property.fixedCalls) return claimsThatHold(runner, spread([...adopted, ...others], MOST_AGAIN));
  const variants = sizedVariants(adopted[adopted.length - 1]);
  return claimsThatHold(runner.asking(oracle), spread(variants, MOST_AGAIN));
}

function refusedSizes(runner: CaseRunner, { adopted, others, fresh }: ExplainingCases): Promise<string | undefined> {
  const smallest = adopted[adopted.length - 1];
  const variants = sizedVariants(smallest);
  // with fixed calls, use forward calls of other sizes
  if (runner.property.fixedCalls) return claimOfSizes(runner.asking(oracle), [smallest, ...variants]);
  return claimOfSizes(runner, [...adopted, ...others, ...fresh(), ...variants]);
}

/** First and smallest adopted cases, with other values. */
function variantsOf({ adopted }: ExplainingCases): Case[] {
  return [adopted[0], adopted[adopted.length - 1]].flatMap((c) => [withValues(c, 1), withValues(c, 2)]);
}

function furtherCases({ others, fresh }: ExplainingCases): Case[] {
  return [...others, ...fresh()].filter(({ dims: { m, n } }) => m > 1 && n > 1 && n <= MOST_KEYS).slice(0, MOST_FURTHER);
}

function withValues(c: Case, step: number): Case {
  const { seed, columns: _, ...values } = c.values;
  return { ...c, values: { ...values, distribution: 'normal', seed: (seed + step) & 255 } };
}

/** Number of right cases that a hypothesis would make wrong. */
function refuting(x: Hypothesis, outcomes: readonly Outcome[]): number {
  return outcomes.filter((outcome) => outcome.status === 'pass' && outcome.refutes?.some((other) => isSame(other, x))).length;
}

function doubtOf(x: Hypothesis, outcomes: readonly Outcome[], forward: readonly Outcome[]): [Hypothesis, string][] {
  if (x.declare === undefined) return [];
  if (refuting(x, forward) > 0) return [[x, 'the forward pass is right without it']];
  const right = refuting(x, outcomes);
  if (right > 0) return [[x, `${right === 1 ? 'one case that passes' : `${right} cases that pass`} would fail`]];
  return [];
}

async function judged(runner: CaseRunner, cases: readonly Case[], suppose?: readonly Hypothesis[]): Promise<Outcome[]> {
  const called = cases.flatMap((c) => {
    const calls = claimedCalls(runner.property, c, runner.claims);
    return calls ? [{ case: c, calls }] : [];
  });
  return called.length === 0 ? [] : runner.run(called, { diagnose: true, ...(suppose && { suppose }) });
}

function diagnosesOf(outcomes: readonly Outcome[]): Diagnosis[] {
  return outcomes.flatMap((outcome) => (outcome.status === 'failed' && outcome.diagnosis ? [outcome.diagnosis] : []));
}

function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, x) => all[Math.round((x * (all.length - 1)) / (most - 1))]);
}
