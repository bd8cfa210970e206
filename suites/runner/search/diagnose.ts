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

/** Most cases that are explained from scratch: each takes many answers of the oracle. */
const MOST = 4;
/** Most cases by which hypotheses are confirmed, beside those of the adopted ones with other values: each takes few answers. */
const MOST_FURTHER = 20;
/** Most cases in which the places of wrong elements are looked at. */
const MOST_PLACED = 8;
/** Most failing cases that are asked again under other claims. */
const MOST_AGAIN = 12;
/** Most keys of a further case. */
const MOST_KEYS = 256;

/** The cases of a check by which a failure is explained. */
export interface ExplainingCases {
  /** Those that failed the same way, the first one found first, the smallest last. */
  readonly adopted: readonly Case[];
  /** Those that failed too, in whatever way. */
  readonly others: readonly Case[];
  /** Those that were not judged yet. */
  fresh(): readonly Case[];
}

/** What other failures of the same kernel tell, and what is told of this one. */
interface EarlierFailures {
  /** Hypotheses that explain other failures: where they explain this one too, no others are searched for. */
  readonly likely: readonly Hypothesis[];
  /** True if the search for others is left out. */
  readonly inVain: boolean;
  /** Keeps what explains this failure: nothing where a search found nothing. */
  learn(explaining: readonly Hypothesis[]): void;
}

/** Explains a failure, or says at least where its outputs are wrong. */
export async function diagnose(
  runner: CaseRunner,
  cases: ExplainingCases,
  failed: Failed,
  earlier?: EarlierFailures,
): Promise<Explanation> {
  const { fixedCalls } = runner.property;
  const own = failed.hint === undefined ? {} : { hint: failed.hint };
  // what calls that are always the same tell of one output may have a cause that explains all of them
  if (failed.verdict !== 'fail' || (failed.hint !== undefined && !fixedCalls)) return own;
  const isRefused = failed.class === 'refused';
  const faults = new Set<string>();
  // what is refused has no elements
  const explained = isRefused ? {} : await explainedByFew(runner, cases, failed, faults, earlier);
  if (explained.hint !== undefined) return explained;
  if (failed.hint !== undefined) return own;
  const [unexplained] = faults;
  const hint = (await otherClaims(runner, cases)) ?? (isRefused ? await refusedSizes(runner, cases) : undefined);
  if (hint !== undefined) return { hint };
  const follows = await followsFromForward(runner, cases, failed);
  if (follows !== undefined) return { hint: follows, entailed: true };
  // where no case changes the calls, others show no more
  const where = isRefused || fixedCalls ? undefined : await whereWrong(runner, cases, failed);
  const weights = await weightsRead(runner, cases, failed);
  return {
    ...explained,
    ...(unexplained !== undefined && { unexplained }),
    ...(where !== undefined && { where }),
    ...(weights !== undefined && { weights }),
  };
}

/** Explanation of a failure, or what stands in its place. */
export interface Explanation extends Explained {
  /** True if the failure follows from other wrong answers, as the hint says. */
  readonly entailed?: true;
  /** Said if there is no hint: the places of the wrong elements of a larger case. */
  readonly where?: string;
  /** Said if there is no hint, and the weights of the keys can be read: which of them are wrong in the smallest case, and how. */
  readonly weights?: string;
  /** Said if there is no hint: the message of an error of the suite that ended the search for one. */
  readonly unexplained?: string;
}

/** Says that wrong gradients follow from wrong outputs of the forward pass, if they do in the smallest case and in more than half of those that failed. */
async function followsFromForward(runner: CaseRunner, { adopted, others }: ExplainingCases, failed: Failed): Promise<string | undefined> {
  const smallest = adopted[adopted.length - 1];
  if (failed.class !== 'gradient' || runner.property.calls(smallest, runner.claims).some(({ command }) => command !== 'backward'))
    return undefined;
  const outcomes = await judged(runner.asking(ownOutputs), [smallest, ...spread([...adopted.slice(0, -1), ...others], MOST_PLACED - 1)]);
  const following = outcomes.flatMap((outcome) => (outcome.status === 'failed' && outcome.class === entailed ? [outcome.message] : []));
  const isSmallest = outcomes[0]?.status === 'failed' && outcomes[0].class === entailed;
  return isSmallest && 2 * following.length > outcomes.length ? following[0] : undefined;
}

/** Describes the weights of the smallest case, if its values are what they weigh and some of what they weigh, or of the gradients, is wrong. */
async function weightsRead(runner: CaseRunner, { adopted }: ExplainingCases, failed: Failed): Promise<string | undefined> {
  const { call, output } = failed;
  // a row that sees no key has no weights
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

const rightForward = 'each is right, with one-hot values: what is wrong lies in their products with the values, or in how these are stored';

function rightBackward(output: string): string {
  const beyond = output === 'dv' ? 'in their products with do, or in how dv is stored' : `in what else ${output} is made of`;
  return `each is right in the backward pass, as dv shows where do is one-hot: what is wrong lies ${beyond}`;
}

/** Describes where the wrong elements are, by the case that has the most of them. */
async function whereWrong(runner: CaseRunner, { adopted, others }: ExplainingCases, failed: Failed): Promise<string | undefined> {
  const outcomes = await judged(runner, [adopted[0], ...others].slice(0, MOST_PLACED), []);
  const placed = diagnosesOf(outcomes.filter((outcome) => sameFailure(failed, outcome))).flatMap(({ places }) => places ?? []);
  return placed.sort((x, y) => y.wrong - x.wrong)[0]?.text;
}

/** Explains a failure by what explains others of the kernel or, unless that was in vain for several like it, by what a search finds. */
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
 * Explains a failure by what explains the cases that were met while it shrank, confirmed by others. These are judged again by each
 * hypothesis: it must hold in most that fail. Where a case that is right would be wrong by it, it is not to be declared.
 * @param faults gets the messages of errors of the suite: a case that has one tells nothing. @param only hypotheses to try; absent: all.
 * @returns the explanation, and the hypotheses of its hint.
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
  // cases that are too small or too large to tell are joined by some that were not judged yet
  if (!only && candidatesOf(found).length === 0 && found.some(({ untold = [] }) => untold.length > 0))
    found.push(...diagnosesOf((await run(runner, furtherCases(cases).slice(0, MOST))).filter((outcome) => sameFailure(failed, outcome))));
  const suppose = candidatesOf(found);
  if (suppose.length === 0 && (only || found.every(({ signs }) => signs.length === 0))) return { explained: {}, by: [] };
  const tried = only ? found : confirmedBy(found, diagnosesOf(await run(runner, spread(cases.adopted, MOST), suppose)));
  const { fixedCalls, needs } = runner.property;
  const { distributions, gradients } = needs;
  const [variants, further] = [variantsOf(cases), furtherCases(cases)];
  // values that are made for one purpose, such as scores of 0, tell too little apart: usual ones confirm what is said of them
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

/** Diagnoses with what a second look at the same cases tells of the hypotheses that are left: one that a case allows, and does not need, is not refuted. */
function confirmedBy(found: readonly Diagnosis[], again: readonly Diagnosis[]): readonly Diagnosis[] {
  if (again.length !== found.length) return found;
  return found.map((diagnosis, x) => {
    const { answers = [], untold = [], beside } = again[x];
    const told = diagnosis.answers && [...diagnosis.answers, ...answers.filter((one) => !among(diagnosis.answers ?? [], one))];
    return { ...diagnosis, answers: told, untold: [...(diagnosis.untold ?? []), ...untold], ...(beside && { beside }) };
  });
}

/** Other claims under which the failing cases are right. */
function otherClaims(runner: CaseRunner, { adopted, others }: ExplainingCases): Promise<string | undefined> {
  if (!runner.property.fixedCalls) return claimsThatHold(runner, spread([...adopted, ...others], MOST_AGAIN));
  const variants = sizedVariants(adopted[adopted.length - 1]);
  return claimsThatHold(runner.asking(oracle), spread(variants, MOST_AGAIN));
}

/** The sizes that a kernel refuses, as a claim. */
function refusedSizes(runner: CaseRunner, { adopted, others, fresh }: ExplainingCases): Promise<string | undefined> {
  const smallest = adopted[adopted.length - 1];
  const variants = sizedVariants(smallest);
  // where no case changes the calls, and so their sizes, forward calls of other sizes tell
  if (runner.property.fixedCalls) return claimOfSizes(runner.asking(oracle), [smallest, ...variants]);
  return claimOfSizes(runner, [...adopted, ...others, ...fresh(), ...variants]);
}

/** The first and the smallest of the adopted cases, with other values. */
function variantsOf({ adopted }: ExplainingCases): Case[] {
  return [adopted[0], adopted[adopted.length - 1]].flatMap((c) => [withValues(c, 1), withValues(c, 2)]);
}

/** Others that failed, and some that were not judged yet. */
function furtherCases({ others, fresh }: ExplainingCases): Case[] {
  return [...others, ...fresh()].filter(({ dims: { m, n } }) => m > 1 && n > 1 && n <= MOST_KEYS).slice(0, MOST_FURTHER);
}

function withValues(c: Case, step: number): Case {
  const { seed, columns: _, ...values } = c.values;
  return { ...c, values: { ...values, distribution: 'normal', seed: (seed + step) & 255 } };
}

/** Counts the right cases that would be wrong by a hypothesis. */
function refuting(x: Hypothesis, outcomes: readonly Outcome[]): number {
  return outcomes.filter((outcome) => outcome.status === 'pass' && outcome.refutes?.some((other) => isSame(other, x))).length;
}

/** Why a hypothesis is not to be declared. */
function doubtOf(x: Hypothesis, outcomes: readonly Outcome[], forward: readonly Outcome[]): [Hypothesis, string][] {
  if (x.declare === undefined) return [];
  if (refuting(x, forward) > 0) return [[x, 'the forward pass is right without it']];
  const right = refuting(x, outcomes);
  if (right > 0) return [[x, `${right === 1 ? 'one case that passes' : `${right} cases that pass`} would fail`]];
  return [];
}

/** @param suppose the only hypotheses to be tried; absent: all. */
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

/** The first, the last, and some between. */
function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, x) => all[Math.round((x * (all.length - 1)) / (most - 1))]);
}
