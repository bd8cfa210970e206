import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import type { SpecDocument } from '../../../spec/library.js';
import { type Call, Unavailable } from '../../kernel.js';
import type { LoadOptions } from '../../load-options.js';
import type { RankResult } from '../program.js';

/** Plain setup data of ranks outside of this thread. */
export interface RankSetup {
  readonly source: string;
  readonly load?: LoadOptions;
  readonly documents?: readonly SpecDocument[];
  readonly capabilities: FullCapabilities;
}

/** Report of one rank at the end of a job. */
export interface RankReport {
  readonly result: RankResult;
  /** Bytes in the wanted pass: sent by this rank, and received from it, by receiver. */
  readonly sent: Float64Array;
  readonly received: Float64Array;
  readonly messages: number;
  /** Duration of all passes, from the rank's first step until no rank sends any more. */
  readonly nanoseconds: number;
}

/** Results of all ranks; `sent` and `received` are bytes by rank in the wanted pass. */
export interface JobResults {
  readonly results: readonly RankResult[];
  readonly sent: Float64Array;
  readonly received: Float64Array;
  readonly messages: number;
  /** Durations by rank; absent for simulated ranks. */
  readonly nanoseconds?: Float64Array;
}

/** Transport to ranks outside of this thread, kept between jobs. Jobs come one at a time. */
export interface Transport extends AsyncDisposable {
  /** @throws {SchemeFailed} once every rank has ended. @throws {Unavailable} without ranks. */
  run(call: Call, backward: boolean): Promise<JobResults>;
}

export interface Limits {
  /** Milliseconds that a job may take; default 60,000. */
  readonly timeout?: number;
  /** Milliseconds until all ranks have opened their kernels; default 120,000. */
  readonly startTimeout?: number;
}

export const defaultLimits = { timeout: 60_000, startTimeout: 120_000 } as const;

export function tooSlowToStart(milliseconds: number): Unavailable {
  return new Unavailable(
    `the ranks did not start within ${milliseconds / 1000} s`,
    'raise --start-timeout, or find out what the ranks wait for',
  );
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
