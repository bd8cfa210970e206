import { hashText } from '../../../generators/lib/seeds.js';
import { Undrawable } from '../../../generators/lib/undrawable.js';
import { type CaseArbitrary, caseArbitrary } from '../../../generators/whole/case.js';
import type { Case, CheckResult } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import type { ExpectationLookup } from '../../contract/expectation-lookup.js';
import type { Property } from '../../contract/property.js';
import { examine } from '../search/examine.js';
import { huntAfter } from '../search/hunt.js';
import { CaseLoop, type Tally } from './case-loop.js';
import type { CaseRunner } from './case-runner.js';
import { CaseStream, otherCases } from './case-stream.js';
import type { CheckContext } from './check-context.js';
import { replayedCases } from './replayed-cases.js';
import { addCounts, reportStatistics, sortedCounts } from './statistics.js';
import { warningsOf } from './warnings.js';

/**
 * Least mean share of elements that must be told right from wrong, over TOLD_CASES cases or more.
 * Right kernels have 0.73 or more; in bf16, gradients with cancelling sums have 0.28.
 */
const LEAST_TOLD = { output: 0.5, gradient: 0.2 } as const;
const TOLD_CASES = 10;

/** Cases drawn to confirm the diagnosis of a failure. */
const FRESH = 16;

/** Judges a check's cases and examines a failure. @throws {Stopped} @throws {NotRestarted} */
export async function runCheck(check: Check, plain: CaseRunner, context: CheckContext): Promise<CheckResult> {
  const started = performance.now();
  const done = (result: Omit<CheckResult, 'id' | 'adapter' | 'milliseconds'>): CheckResult => ({
    id: check.id,
    adapter: check.adapter,
    ...result,
    milliseconds: Math.round((performance.now() - started) * 10) / 10,
  });
  const { scheme } = check;
  const claims = plain.claims.forScheme(scheme);
  if (typeof claims === 'string') return done({ verdict: 'unsupported', reason: claims, cases: 0, undecided: 0, coverage: {} });
  const runner = scheme === undefined ? plain : plain.claiming(claims);
  let arbitrary: CaseArbitrary;
  let stream: CaseStream;
  let caseLoop: CaseLoop;
  let tally: Tally;
  let asked: number;
  try {
    arbitrary = caseArbitrary(claims, check.request);
    stream = new CaseStream(arbitrary, hashText(context.seed, check.id), runner.property, claims, otherCases(arbitrary, check));
    const replayed = replayedCases(context.savedCases?.(check.id) ?? [], { claims, property: runner.property, settings: check.request });
    asked = check.cases - (context.from ?? 0) + replayed.length;
    const count = (cases: number) => context.onCases(check, cases);
    caseLoop = new CaseLoop(runner, stream, check.id, context.expectations, context.stop, count, replayed);
    tally = await caseLoop.run(check.cases, context.from);
  } catch (error) {
    if (!(error instanceof Undrawable)) throw error;
    return done({ verdict: 'unsupported', reason: error.message, cases: 0, undecided: 0, coverage: {} });
  }
  const hunted = await huntAfter(check, arbitrary, runner, context, caseLoop);
  const counts = { ...countsOf(tally), ...hunted };
  if (!tally.failure) return done({ ...verdictOf(check, runner.property, asked, tally, context.expectations), ...counts });
  const { failed } = tally.failure;
  const failure = await examine(check, arbitrary, runner, context, caseLoop, tally.failure, () => freshCases(stream));
  return done({
    verdict: failed.verdict,
    ...(tally.failure.expectation && { expected: true }),
    ...(failed.class !== undefined && { class: failed.class }),
    ...(failed.verdict !== 'fail' && { reason: failed.message }),
    ...counts,
    failure,
  });
}

function countsOf(tally: Tally): Pick<CheckResult, 'cases' | 'undecided' | 'coverage' | 'error' | 'warnings'> {
  const coverage = { ...tally.coverage };
  if (tally.outOfMemory > 0) addCounts(coverage, { 'out-of-memory': tally.outOfMemory });
  const error = reportStatistics(tally.statistics);
  const warnings = tally.failure ? [] : warningsOf(tally.statistics);
  return {
    cases: tally.decided,
    undecided: tally.undecided,
    coverage: sortedCounts(coverage),
    ...(Object.keys(error).length > 0 && { error }),
    ...(warnings.length > 0 && { warnings }),
  };
}

function verdictOf(
  check: Check,
  property: Property,
  asked: number,
  tally: Tally,
  expectations: ExpectationLookup | undefined,
): Pick<CheckResult, 'verdict' | 'class' | 'reason' | 'expected'> {
  if (tally.unsupported !== undefined) return { verdict: 'unsupported', reason: tally.unsupported };
  if (tally.unavailable !== undefined) return { verdict: 'unavailable', reason: tally.unavailable };
  if (tally.decided === 0 && tally.undecided === 0) {
    const reason =
      tally.outOfMemory > 0 ? `no case fits into memory; ${tally.outOfMemoryReason}` : 'its capabilities exclude every case that was drawn';
    return { verdict: 'unsupported', reason };
  }
  if (tally.decided < asked / 2) {
    const reason = `only ${tally.decided} of ${asked} cases were decided; the others: ${tally.undecidedReason ?? 'out of memory'}`;
    return { verdict: 'error', class: 'vacuous', reason };
  }
  const vague = vaguest(property, tally);
  if (vague !== undefined) return { verdict: 'error', class: 'vacuous', reason: vague };
  // a conditional expectation is missed only if one of its cases was judged
  const missed = expectations?.entriesFor(check.adapter, check.id).some((e) => !e.flaky && (!e.when || tally.met.has(e))) ?? false;
  return { verdict: 'pass', ...(missed && { expected: false }) };
}

function vaguest({ bounded, needs }: Property, { statistics }: Tally): string | undefined {
  // long sequences are judged by planted values
  if (!bounded || needs.targeted || needs.longContext) return undefined;
  const least = LEAST_TOLD[needs.gradients ? 'gradient' : 'output'];
  for (const [output, { told }] of Object.entries(statistics)) {
    if (!told || told.cases < TOLD_CASES || told.shares >= least * told.cases) continue;
    const share = Math.round((100 * told.shares) / told.cases);
    return `only ${share} % of ${output} can be told right from wrong: elsewhere the error bound is as large as the numbers; claim a tighter numeric profile`;
  }
  return undefined;
}

/** Draws further cases of the check, at indices beyond those of any run. */
function freshCases(stream: CaseStream): Case[] {
  return Array.from({ length: FRESH }, (_, x) => stream.draw(2 ** 30 + x)).flatMap((drawn) => drawn?.value.value ?? []);
}
