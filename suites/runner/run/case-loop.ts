import { Value } from 'fast-check';
import { matches } from '../../../spec/lib/partial.js';
import { elementsOf } from '../../../spec/tensor/case-elements.js';
import type { Case, Expectation } from '../../../spec/types/documents.js';
import type { ExpectationLookup } from '../../contract/expectation-lookup.js';
import type { Judged } from '../judge/judge-protocol.js';
import type { FailedCase } from '../search/shrink.js';
import type { CaseRunner } from './case-runner.js';
import type { CaseStream, DrawnCase } from './case-stream.js';
import type { Failed } from './outcome.js';
import { addCounts, addStatistics, type Statistics } from './statistics.js';

/** Most cases sent to a host together: waking a thread costs as much as judging a small case. */
const batchSize = 64;
/** Most q, k and v elements in a batch's calls: its answers are kept until judged. */
const BATCH_ELEMENTS = 2 ** 24;
const ahead = 2;

/** Ends a check without a verdict because the run stops. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

export interface FoundFailure {
  readonly drawn: DrawnCase;
  readonly failed: Failed;
  readonly expectation?: Expectation;
  readonly others: readonly FailedCase[];
}

/** Counted results of a check's cases. */
export interface Tally {
  decided: number;
  undecided: number;
  undecidedReason?: string;
  outOfMemory: number;
  outOfMemoryReason?: string;
  unsupported?: string;
  unavailable?: string;
  readonly statistics: Statistics;
  readonly coverage: Record<string, number>;
  /** The failure that ended the check, or the first expected one. */
  failure?: FoundFailure;
  /** Expectations for certain cases only, if one of these cases was decided. */
  readonly met: Set<Expectation>;
}

interface Batch {
  readonly drawn: readonly DrawnCase[];
  readonly judged: Judged;
}

/**
 * Judges a check's cases in rounds, redrawing undecided cases. The host runs ahead of the judge,
 * but the result does not depend on timing. Cases with conditional expectations come last.
 */
export class CaseLoop {
  readonly tally: Tally = { decided: 0, undecided: 0, outOfMemory: 0, statistics: {}, coverage: {}, met: new Set() };
  private ended = false;
  private readonly conditional: readonly Expectation[];

  constructor(
    private readonly runner: CaseRunner,
    private readonly stream: CaseStream,
    private readonly check: string,
    private readonly expectations: ExpectationLookup | undefined,
    private readonly stop: () => string | undefined,
    private readonly onCases: (cases: number) => void,
    private readonly replayed: readonly DrawnCase[] = [],
  ) {
    this.conditional = (expectations?.entriesFor(runner.adapter, check) ?? []).filter((e) => e.when);
  }

  /** Judges the cases from index `from` on, below `cases`. @throws {Stopped|NotRestarted} */
  async run(cases: number, from = 0): Promise<Tally> {
    let open = Array.from({ length: cases - from }, (_, i) => from + i);
    for (let first = this.replayed; (open.length > 0 || first.length > 0) && !this.ended; first = []) open = await this.round(open, first);
    return this.tally;
  }

  private async round(indexes: readonly number[], first: readonly DrawnCase[]): Promise<number[]> {
    const again: number[] = [];
    const source = this.drawAll(indexes, first);
    let waiting: DrawnCase[] = [];
    const flights: Promise<Batch>[] = [];
    while (!this.ended) {
      const reason = this.stop();
      if (reason !== undefined) {
        await Promise.all(flights);
        throw new Stopped(reason);
      }
      while (waiting.length < batchSize) {
        const next = source.next();
        if (next.done) break;
        waiting.push(next.value);
      }
      if (waiting.length === 0) break;
      const called = waiting.slice(0, countTogether(waiting)).map((d) => ({ case: d.value.value, calls: d.calls }));
      const answers = await this.runner.call(called);
      const drawn = waiting.slice(0, answers.length);
      waiting = waiting.slice(answers.length);
      flights.push(this.runner.judge(called, answers).then((judged) => ({ drawn, judged })));
      const ends = answers.some((a) => a.kind !== 'reply');
      while (flights.length > (ends ? 0 : ahead)) this.settle(await (flights.shift() as Promise<Batch>), again);
    }
    for (const flight of flights) this.settle(await flight, again);
    return again;
  }

  private *drawAll(indexes: readonly number[], first: readonly DrawnCase[]): Generator<DrawnCase> {
    if (this.conditional.length === 0) {
      yield* first;
      for (const index of indexes) {
        const drawn = this.stream.draw(index);
        if (drawn) yield drawn;
      }
      return;
    }
    const drawn = [...first, ...indexes.flatMap((index) => this.stream.draw(index) ?? [])];
    const inside = (d: DrawnCase) => this.conditional.some((e) => matches(e.when, d.value.value));
    yield* drawn.filter((d) => !inside(d));
    yield* drawn.filter(inside);
  }

  private settle({ drawn, judged }: Batch, again: number[]): void {
    let at = 0;
    const others = () =>
      drawn.slice(at + 1).flatMap(({ value }, i): FailedCase[] => {
        const outcome = judged.outcomes[at + 1 + i];
        return outcome.status === 'failed' ? [{ value, failed: outcome }] : [];
      });
    for (const segment of judged.segments) {
      if (this.ended) return;
      addStatistics(this.tally.statistics, segment.statistics);
      addCounts(this.tally.coverage, segment.coverage);
      for (let i = 0; i < segment.cases; i++, at++) this.count(drawn[at], judged.outcomes[at], again, others);
    }
    this.onCases(judged.outcomes.length);
  }

  private count(drawn: DrawnCase, outcome: Judged['outcomes'][number], again: number[], others: () => FailedCase[]): void {
    switch (outcome.status) {
      case 'pass':
        this.decide(drawn);
        return;
      case 'failed': {
        const reported = this.reportedFor(drawn, outcome);
        this.decide(reported);
        this.fail(reported, outcome, others);
        return;
      }
      case 'unsupported':
        this.tally.unsupported ??= outcome.reason;
        this.ended = true;
        return;
      case 'unavailable':
        this.tally.unavailable ??= outcome.reason;
        this.ended = true;
        return;
      case 'undecided':
        this.tally.undecided++;
        this.tally.undecidedReason ??= outcome.reason;
        break;
      default: {
        const c = drawn.value.value;
        this.tally.outOfMemory++;
        this.tally.outOfMemoryReason ??= `${c.dims.n} keys: ${outcome.reason}`;
        if (this.stream.leaveOut(c)) addCounts(this.tally.coverage, { [`out-of-memory:${c.dims.n}`]: 1 });
      }
    }
    if (drawn.index >= 0) again.push(drawn.index);
  }

  private reportedFor(drawn: DrawnCase, { call }: Failed): DrawnCase {
    if (!this.runner.property.fixedCalls || call === undefined) return drawn;
    return { ...drawn, value: new Value(drawn.calls[call].case, undefined) };
  }

  private decide(drawn: DrawnCase): void {
    this.tally.decided++;
    for (const e of this.conditional) if (matches(e.when, drawn.value.value)) this.tally.met.add(e);
  }

  private fail(drawn: DrawnCase, failed: Failed, others: () => FailedCase[]): void {
    const expectation = this.expected(drawn.value.value, failed);
    this.ended = expectation?.when === undefined;
    if (this.ended && expectation === undefined) this.tally.failure = { drawn, failed, others: others() };
    else this.tally.failure ??= { drawn, failed, others: others(), ...(expectation && { expectation }) };
  }

  expected(c: Case, failed: Failed): Expectation | undefined {
    return this.expectations?.match(this.runner.adapter, this.check, failed.verdict, failed.class, c);
  }
}

function countTogether(cases: readonly DrawnCase[]): number {
  let elements = 0;
  const end = cases.findIndex(({ calls }, at) => {
    for (const { case: c } of calls) elements += elementsOf(c.dims);
    return at > 0 && elements > BATCH_ELEMENTS;
  });
  return end < 0 ? cases.length : end;
}
