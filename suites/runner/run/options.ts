import type { LoadOptions } from '../../../adapters/load-options.js';
import type { DrawSettings } from '../../../generators/lib/needs.js';
import type { SpecDocument } from '../../../spec/library.js';
import type { AdapterResult, CheckResult, Costs, Dialect, Result } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import type { ExpectationLookup } from '../../contract/expectation-lookup.js';
import type { CorpusEntry } from '../../plan/corpus/read-corpus.js';
import type { PlanShard } from '../../plan/shards/shard.js';

export interface RunOptions extends DrawSettings {
  /** Built-in ids, kinds with their argument, or module paths. */
  readonly adapters: readonly string[];
  readonly load?: LoadOptions;
  readonly profiles: readonly string[];
  /** Schemes to plan parallel checks for; default: all. */
  readonly schemes?: readonly string[];
  /** Globs over check ids; empty runs every check. */
  readonly filter: readonly string[];
  /** `random` is drawn after the adapters have started, so that they cannot depend on it. */
  readonly seed: number | 'random';
  readonly runs: number;
  /** Number of cases and globs of checks for certain adapters, by source. */
  readonly budgets?: Readonly<Record<string, { readonly runs: number; readonly checks: readonly string[] }>>;
  /** Seconds for the whole run. */
  readonly timeLimit?: number;
  /** Every claim is to be judged, and the result lists what was not. */
  readonly everyClaim?: boolean;
  readonly likelyFirst?: boolean;
  /** Seconds to search for cases near their bounds. */
  readonly hunt?: number;
  /** Seconds per call. */
  readonly timeout: number;
  /** Seconds per start, or first call of a compiled class. */
  readonly startTimeout: number;
  /** Concurrent checks; default: the number of cores. */
  readonly jobs?: number;
  /** Unexpected failures to stop after. */
  readonly bail?: number;
  /** Folder of the journal, failure folders and result.json. */
  readonly out: string;
  readonly resume: boolean;
  /** User's spec documents. */
  readonly documents: readonly SpecDocument[];
  readonly shard?: PlanShard;
  readonly costs?: Costs;
  /** Saved failures, judged before a check's drawn cases. */
  readonly corpus?: readonly CorpusEntry[];
  /** Overrides the adapters' declared dialects. */
  readonly dialect: Dialect;
  readonly expectations?: ExpectationLookup;
  /** Kills the hosts and writes the partial result; `run` rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

interface PlanEvent {
  readonly checks: readonly Check[];
}

export interface Progress {
  /** Judged checks, out of `total`; unclaimed ones are not counted. */
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly adapter: string;
  readonly check: string;
  readonly cases: number;
}

/** Callbacks of a run. An error thrown by `onPlan` ends the run before its first check. */
export interface RunEvents {
  /** Called when an adapter started or turned out unavailable, the `started`-th out of `of`. */
  onStart?(started: number, of: number, source: string): void;
  onSeed?(seed: number): void;
  onPlan?(plan: PlanEvent): void;
  onAdapter?(adapter: AdapterResult): void;
  onCheck?(check: CheckResult): void;
  /** Called at the last result of an adapter that had checks to judge. */
  onAdapterEnd?(adapter: string, checks: readonly CheckResult[]): void;
  onProgress?(progress: Progress): void;
  /** Called after the signal ended the run, with the partial result as written. */
  onInterrupt?(result: Result): void;
}
