import { countText } from '../../spec/lib/units.js';
import type { Case } from '../../spec/types/documents.js';
import type { CallSpec } from '../contract/property.js';
import type { Ended, Host } from '../runner/host/host.js';
import type { TimedCall } from '../runner/host/wire.js';
import type { Outcome } from '../runner/run/outcome.js';
import { faultOutcome } from '../runner/run/outcome.js';
import type { Judging } from '../runner/run/supervisor.js';
import { type BenchProblem, callOf } from './problems.js';

/** Error of a candidate that has no time. */
export class NoTime extends Error {
  override readonly name = 'NoTime';
  constructor(
    readonly verdict: 'wrong' | 'failed' | 'unavailable' | 'inconclusive' | 'unsupported',
    message: string,
    /** Cause that longer lengths share. */
    readonly lacks?: 'memory' | 'time',
  ) {
    super(message);
  }
}

interface Kept {
  readonly case: Case;
  readonly outputs: NonNullable<TimedCall['outputs']>;
  readonly data: ArrayBuffer;
}

/** Adapter in its process, alone or in a scheme, timed call by call on one problem. */
export class Candidate {
  /** Milliseconds of calls without sent outputs, by the kernel's process and by the runner. */
  readonly inside: number[] = [];
  readonly outside: number[] = [];
  /** Milliseconds of idle messages, each right before a call. */
  readonly idle: number[] = [];
  readonly rankMeans: number[] = [];
  readonly rankSlowest: number[] = [];
  readonly rankTimes: (readonly number[])[] = [];
  private call: ReturnType<typeof callOf> | undefined;
  private renewed = 0;
  private readonly kept: Kept[] = [];
  private readonly busy: number[] = [];
  method: TimedCall['method'] = 'wall';
  timesItself = false;
  peakBytes = 0;
  lacks: NoTime['lacks'];

  constructor(
    readonly adapter: string,
    readonly problem: BenchProblem,
    private readonly host: Host,
    private readonly slot: number,
    private readonly judges: Judging,
    /** Most milliseconds of a call, and of the first call. */
    private readonly limits: { readonly call: number; readonly first: number },
  ) {}

  private without(error: NoTime): NoTime {
    this.lacks = error.lacks;
    return error;
  }

  private get tokens(): number {
    return this.problem.case.dims.n;
  }

  /** Makes inputs with new values, so that results cannot be reused. @throws {NoTime} */
  async renew(): Promise<void> {
    this.call = callOf(this.problem, this.renewed++);
    const answer = await this.host.ask({ type: 'prepare', slot: this.slot, calls: [this.call] }, 'prepared', this.limits.first);
    if (isEnded(answer)) throw this.without(noAnswer(answer, this.tokens));
    if (answer.fault) throw this.without(failed(faultOutcome(answer.fault), this.tokens));
  }

  /** Milliseconds of a message without work. @throws {NoTime} */
  async waste(repeats = 1): Promise<number> {
    const start = performance.now();
    const answer = await this.host.ask(
      { type: 'time', slot: this.slot, call: 0, keep: false, repeats, idle: true },
      'timed',
      this.limits.call,
    );
    const seen = performance.now() - start;
    if (isEnded(answer)) throw this.without(noAnswer(answer, this.tokens));
    if ('kind' in answer.timed) throw this.without(failed(faultOutcome(answer.timed), this.tokens));
    return seen;
  }

  /** Milliseconds of a call by the kernel's process, the mean of its repeats. @throws {NoTime} */
  async time({ keep = false, first = false, repeats = 1 } = {}): Promise<number> {
    const start = performance.now();
    const limit = first ? this.limits.first : this.limits.call;
    const answer = await this.host.ask({ type: 'time', slot: this.slot, call: 0, keep, repeats }, 'timed', limit);
    const seen = performance.now() - start;
    if (isEnded(answer)) throw this.without(noAnswer(answer, this.tokens));
    const { timed, data } = answer;
    if ('kind' in timed) throw this.without(failed(faultOutcome(timed), this.tokens));
    const { nanoseconds, method, told, ranks, peakBytes, outputs, after } = timed;
    this.method = method;
    this.timesItself = told;
    this.peakBytes = Math.max(this.peakBytes, peakBytes);
    if (ranks) {
      this.rankMeans.push(ranks.reduce((a, b) => a + b, 0) / ranks.length / 1e6);
      this.rankSlowest.push(Math.max(...ranks) / 1e6);
      this.rankTimes.push(ranks.map((nanoseconds) => nanoseconds / 1e6));
    }
    const milliseconds = nanoseconds / 1e6;
    // the inner clock starts later and ends earlier
    if (milliseconds * repeats > seen * 1.01 + 0.1)
      throw new NoTime('wrong', `it claims ${milliseconds * repeats} ms for calls that took ${seen} ms in all`);
    if (!keep) {
      this.inside.push(milliseconds);
      this.outside.push(seen);
    }
    if (outputs) this.kept.push({ case: (this.call as CallSpec).case, outputs, data: new Uint8Array(data).buffer });
    if (after) {
      this.busy.push(after.busy);
      if (after.changed.length > 0)
        throw new NoTime('wrong', `${after.changed.join(' and ')} changed after the call had returned: it returned too early`);
    }
    return milliseconds;
  }

  /** Least share of a core used after calls. */
  get busyAfter(): number {
    return this.busy.length === 0 ? 0 : Math.min(...this.busy);
  }

  /** Judges the kept answers and returns their number. @throws {NoTime} if one is wrong. */
  async judge(): Promise<number> {
    const property = this.problem.pass === 'forward' ? 'oracle' : 'gradient';
    for (const { case: c, outputs, data } of this.kept) {
      const { outcomes } = await this.judges.judge({
        adapter: this.adapter,
        property,
        cases: [{ case: c, calls: [outputs], data: 0, ends: false }],
        data: [data],
      });
      const [outcome] = outcomes;
      if (outcome.status !== 'pass') throw this.without(failed(outcome, this.tokens));
    }
    return this.kept.length;
  }

  forget(): void {
    for (const list of [this.inside, this.outside, this.idle, this.rankMeans, this.rankSlowest, this.rankTimes]) list.length = 0;
  }

  async release(): Promise<void> {
    await this.host.ask({ type: 'prepare', slot: this.slot, calls: [] }, 'prepared', this.limits.call);
  }
}

function isEnded(answer: { readonly type?: string } | Ended): answer is Ended {
  return 'kind' in answer;
}

const outOfMemory =
  /out of memory|outofmemory|oom[- ]kill|bad_alloc|cannot allocate|can't allocate|allocation failed|invalid (typed array|array buffer) length|unable to allocate|signal SIGKILL/i;

function noAnswer(ended: Ended, tokens: number): NoTime {
  const message = ended.kind === 'died' ? `the kernel's process ${ended.message}` : ended.message;
  if (ended.kind !== 'died') return new NoTime('failed', message, 'time');
  return outOfMemory.test(`${ended.message} ${ended.printed}`) ? noMemory(message, tokens) : new NoTime('failed', message);
}

function failed(outcome: Outcome, tokens: number): NoTime {
  if (outcome.status === 'failed') {
    const message = outcome.message ?? outcome.verdict;
    if (outcome.verdict === 'fail') return new NoTime('wrong', message);
    return outOfMemory.test(message) ? noMemory(message, tokens) : new NoTime('failed', message);
  }
  if (outcome.status === 'unavailable') return new NoTime('unavailable', outcome.reason);
  return new NoTime('failed', outcome.status === 'pass' ? 'no answer' : `its answers could not be judged: ${outcome.reason}`);
}

function noMemory(message: string, tokens: number): NoTime {
  return new NoTime('unsupported', `out of memory at ${countText(tokens)} tokens: ${message}`, 'memory');
}
