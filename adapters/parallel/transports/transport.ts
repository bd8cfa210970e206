import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import type { SpecDocument } from '../../../spec/library.js';
import { type Call, Unavailable } from '../../kernel.js';
import type { LoadOptions } from '../../load-options.js';
import type { RankResult } from '../program.js';

/** What a rank that lives elsewhere is opened with: the same on all ranks. Plain data. */
export interface RankSetup {
  /** What `--adapter` takes. */
  readonly source: string;
  readonly load?: LoadOptions;
  /** Spec documents beside ours. */
  readonly documents?: readonly SpecDocument[];
  /** By which the kernel is called. */
  readonly capabilities: FullCapabilities;
}

/** What one rank has to say at the end of a job. */
export interface RankReport {
  readonly result: RankResult;
  /** Bytes in the pass that was asked for, by rank: what it sent, and what that made others receive. */
  readonly sent: Float64Array;
  readonly received: Float64Array;
  /** Messages that it sent, in both passes. */
  readonly messages: number;
  /** From its first step to its last, both passes where there are two. */
  readonly nanoseconds: number;
}

/** What all ranks came to. `sent` and `received` are bytes by rank, in the pass that was asked for. */
export interface JobResults {
  readonly results: readonly RankResult[];
  readonly sent: Float64Array;
  readonly received: Float64Array;
  readonly messages: number;
  /** By rank, of ranks that have a clock of their own. */
  readonly nanoseconds?: Float64Array;
}

/** Ranks outside of this thread, kept between jobs. Jobs come one at a time. */
export interface Transport extends AsyncDisposable {
  /**
   * @param call its case's `parallel` names the scheme and the ranks; tensors are whole.
   * @throws {SchemeFailed} naming the rank and the cause; every rank has ended by then. @throws {Unavailable} where ranks cannot be started.
   */
  run(call: Call, backward: boolean): Promise<JobResults>;
}

/** How long ranks may take. */
export interface Limits {
  /** Milliseconds of a job, default 60,000. */
  readonly timeout?: number;
  /** Milliseconds until all ranks have opened their kernels, default 120,000. */
  readonly startTimeout?: number;
}

export const defaultLimits = { timeout: 60_000, startTimeout: 120_000 } as const;

export function tooSlowToStart(milliseconds: number): Unavailable {
  return new Unavailable(`the ranks did not start within ${milliseconds / 1000} s`, 'raise --start-timeout, or see what they wait for');
}

export function tooSlow(milliseconds: number): string {
  return `the job did not end within ${milliseconds / 1000} s`;
}

export function joinReports(reports: readonly RankReport[]): JobResults {
  const sum = (of: (r: RankReport) => Float64Array) =>
    reports[0].sent.map((_, rank) => reports.reduce((total, r) => total + of(r)[rank], 0));
  return {
    results: reports.map(({ result }) => result),
    sent: sum(({ sent }) => sent),
    received: sum(({ received }) => received),
    messages: reports.reduce((total, { messages }) => total + messages, 0),
    nanoseconds: Float64Array.from(reports, ({ nanoseconds }) => nanoseconds),
  };
}
