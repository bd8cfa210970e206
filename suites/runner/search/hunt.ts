import { chance } from '../../../generators/lib/random.js';
import { caseSeed, drawCase, hashText, randomOf } from '../../../generators/lib/seeds.js';
import type { CaseArbitrary } from '../../../generators/whole/case.js';
import { hashOf } from '../../../spec/lib/hash.js';
import type { Case, CheckResult, Expectation, Hunt } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import { toJsonNumber } from '../../judging/json-number.js';
import type { CaseSegment, Judged } from '../judge/judge-protocol.js';
import type { CaseLoop, FoundFailure } from '../run/case-loop.js';
import type { CaseRunner } from '../run/case-runner.js';
import { claimedCalls, type DrawnCase } from '../run/case-stream.js';
import type { CheckContext } from '../run/check-context.js';
import type { Failed } from '../run/outcome.js';
import { ElitePool } from './elite-pool.js';

/** Cases bred from one state of the pool: of a number that no clock decides, so that a seed stands for one sequence of cases. */
const BATCH = 8;
/** Cases drawn afresh before any is changed. */
const FIRST = 24;
/** Tries of a case that has not been judged yet. */
const TRIES = 16;

export interface HuntOptions {
  /** Seed of the check. */
  readonly seed: number;
  readonly milliseconds: number;
  /** Cases at most. */
  readonly cases?: number;
  /** Why it must end now; undefined while it need not. */
  stop(): string | undefined;
  expected(c: Case, failed: Failed): Expectation | undefined;
}

/** Result of a hunt: how far it got, and the failure that it ended with. */
export interface Hunted {
  readonly hunt: Hunt;
  readonly failure?: FoundFailure;
}

/**
 * Looks for the cases with the largest error ÷ bound: those that were furthest off are changed a little, one case in eight is drawn afresh. The
 * same seed gives the same cases; how many of them are tried depends on the time they take. Ends with the first failure that nobody expected.
 * @throws {NotRestarted}
 */
export async function hunt(arbitrary: CaseArbitrary, runner: CaseRunner, options: HuntOptions): Promise<Hunted> {
  const search = new Search(arbitrary, runner, options);
  const deadline = performance.now() + options.milliseconds;
  // the host runs one batch while a judge works on the one before: a batch is bred from what was known two batches ago, whatever the timing
  let flight: Promise<void> | undefined;
  while (!search.failure && performance.now() < deadline && options.stop() === undefined) {
    const batch = search.breed();
    if (batch.length === 0) break;
    const called = batch.map((d) => ({ case: d.value.value, calls: d.calls }));
    const answers = await runner.call(called);
    await flight;
    flight = runner.judge(called, answers, { each: true }).then((judged) => search.learn(batch, judged));
  }
  await flight;
  return search.found();
}

/**
 * Looks, where the run has time for it, for cases that are nearer to their bounds than the drawn ones; a failure that it meets becomes the
 * caseLoop's, unless that has one.
 */
export async function huntAfter(
  check: Check,
  arbitrary: CaseArbitrary,
  runner: CaseRunner,
  context: Pick<CheckContext, 'hunt' | 'seed' | 'stop' | 'onCases'>,
  caseLoop: CaseLoop,
): Promise<Pick<CheckResult, 'hunt'>> {
  if (!context.hunt || !runner.property.bounded) return {};
  const milliseconds = context.hunt.take();
  const began = performance.now();
  const { tally } = caseLoop;
  try {
    if (tally.failure || tally.decided === 0) return {};
    const { hunt: found, failure } = await hunt(arbitrary, runner, {
      seed: hashText(context.seed, check.id),
      milliseconds,
      stop: context.stop,
      expected: (c, failed) => caseLoop.expected(c, failed),
    });
    if (failure) tally.failure = failure;
    context.onCases(check, found.cases);
    return { hunt: found };
  } finally {
    context.hunt.giveBack(milliseconds - (performance.now() - began));
  }
}

class Search {
  failure: FoundFailure | undefined;
  private known: FoundFailure | undefined;
  private readonly pool = new ElitePool();
  private readonly random;
  private readonly seed: number;
  private readonly met = new Set<string>();
  private drawn = 0;
  private cases = 0;

  constructor(
    private readonly arbitrary: CaseArbitrary,
    private readonly runner: CaseRunner,
    private readonly options: HuntOptions,
  ) {
    this.seed = hashOf(options.seed, 0x68756e74);
    this.random = randomOf(this.seed);
  }

  /** The next cases, none of which was there before. */
  breed(): DrawnCase[] {
    const most = Math.min(BATCH, (this.options.cases ?? Infinity) - this.met.size);
    const batch: DrawnCase[] = [];
    for (let tries = TRIES * BATCH; tries > 0 && batch.length < most; tries--) {
      const drawn = this.next();
      if (!drawn) continue;
      const text = JSON.stringify(drawn.value.value);
      if (this.met.has(text)) continue;
      this.met.add(text);
      batch.push(drawn);
    }
    return batch;
  }

  private next(): DrawnCase | undefined {
    const parents = this.pool.pair(this.random);
    const fresh = this.drawn < FIRST || !parents || chance(this.random, 1, 8);
    const value = fresh ? drawCase(this.arbitrary, caseSeed(this.seed, this.drawn++, 0)) : this.arbitrary.mutate(this.random, ...parents);
    const calls = value && claimedCalls(this.runner.property, value.value, this.runner.claims);
    return value && calls && { index: this.drawn, attempt: 0, value, calls };
  }

  learn(batch: readonly DrawnCase[], { outcomes, segments }: Judged): void {
    for (const [i, outcome] of outcomes.entries()) {
      if (this.failure) return;
      const { value } = batch[i];
      if (outcome.status === 'pass') this.pool.add(value, ratioOf(segments[i]));
      if (outcome.status === 'pass' || outcome.status === 'failed') this.cases++;
      if (outcome.status !== 'failed') continue;
      const expectation = this.options.expected(value.value, outcome);
      const found = { drawn: batch[i], failed: outcome, others: [], ...(expectation && { expectation }) };
      if (expectation) this.known ??= found;
      else this.failure = found;
    }
  }

  found(): Hunted {
    const { best } = this.pool;
    const failure = this.failure ?? this.known;
    return {
      hunt: { cases: this.cases, maxOverBound: toJsonNumber(best?.score ?? 0), ...(best && { case: best.value.value }) },
      ...(failure && { failure }),
    };
  }
}

/** The largest error ÷ bound of a case's outputs. */
export function ratioOf({ statistics }: CaseSegment): number {
  return Math.max(0, ...Object.values(statistics).map(({ maxOverBound }) => maxOverBound));
}
