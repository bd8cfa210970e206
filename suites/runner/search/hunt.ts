import type { Random, Value } from 'fast-check';
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

/** Case with its largest error ÷ bound. */
interface ScoredCase {
  readonly value: Value<Case>;
  readonly score: number;
}

const SIZE = 24;
/** Most cases of one distribution, to keep variety. */
const MOST_ALIKE = 5;

/** Highest-scoring cases in order, few per distribution; ties keep the earlier. */
class ElitePool {
  private readonly cases: ScoredCase[] = [];

  get best(): ScoredCase | undefined {
    return this.cases[0];
  }

  add(value: Value<Case>, score: number): void {
    const at = this.cases.findIndex((other) => other.score < score);
    this.cases.splice(at < 0 ? this.cases.length : at, 0, { value, score });
    const { distribution } = value.value.values;
    const alike = this.cases.filter((other) => other.value.value.values.distribution === distribution);
    if (alike.length > MOST_ALIKE) this.cases.splice(this.cases.indexOf(alike[MOST_ALIKE]), 1);
    if (this.cases.length > SIZE) this.cases.pop();
  }

  /** Case to change, biased to high scores, and a donor; undefined if empty. */
  pair(random: Random): [Value<Case>, Value<Case>] | undefined {
    if (this.cases.length === 0) return undefined;
    const last = this.cases.length - 1;
    // the least of three draws: half of the time in the first fifth
    const high = Math.min(random.nextInt(0, last), random.nextInt(0, last), random.nextInt(0, last));
    return [this.cases[high].value, this.cases[random.nextInt(0, last)].value];
  }
}

/** Cases per breeding; fixed, so that a seed gives one sequence. */
const BATCH = 8;
/** Cases drawn before any is changed. */
const FIRST = 24;
const TRIES = 16;

export interface HuntOptions {
  readonly seed: number;
  readonly milliseconds: number;
  readonly cases?: number;
  stop(): string | undefined;
  expected(c: Case, failed: Failed): Expectation | undefined;
}

/** Progress of a hunt, and the failure that ended it. */
export interface Hunted {
  readonly hunt: Hunt;
  readonly failure?: FoundFailure;
}

/**
 * Searches for the largest error ÷ bound: mutates the worst cases, and draws one in eight. A seed
 * fixes the cases, time their number. Ends at the first unexpected failure. @throws {NotRestarted}
 */
export async function hunt(arbitrary: CaseArbitrary, runner: CaseRunner, options: HuntOptions): Promise<Hunted> {
  const search = new Search(arbitrary, runner, options);
  const deadline = performance.now() + options.milliseconds;
  // host and judge overlap: a batch is bred from results two batches old, at any speed
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

/** Hunts if the run has time; a failure becomes the loop's, unless it has one. */
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

/** Largest error ÷ bound of a case's outputs. */
export function ratioOf({ statistics }: CaseSegment): number {
  return Math.max(0, ...Object.values(statistics).map(({ maxOverBound }) => maxOverBound));
}
