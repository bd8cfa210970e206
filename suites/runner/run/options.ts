import type { LoadOptions } from '../../../adapters/load-options.js';
import type { DrawSettings } from '../../../generators/lib/needs.js';
import type { SpecDocument } from '../../../spec/library.js';
import type { AdapterResult, CheckResult, Costs, Dialect, Result } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import type { ExpectationLookup } from '../../contract/expectation-lookup.js';
import type { CorpusEntry } from '../../plan/corpus/read-corpus.js';
import type { PlanShard } from '../../plan/shards/shard.js';

export interface RunOptions extends DrawSettings {
  /** Built-in ids, kinds with their argument, or paths of modules. */
  readonly adapters: readonly string[];
  /** Options of starting them. */
  readonly load?: LoadOptions;
  /** Names of profiles in the library. */
  readonly profiles: readonly string[];
  /** Schemes whose parallel checks are planned, in the profiles that have such checks; if absent, all. */
  readonly schemes?: readonly string[];
  /** Globs over check ids; if empty, all checks are run. */
  readonly filter: readonly string[];
  /** `random`: drawn once the adapters have started, when nothing of theirs can depend on it. */
  readonly seed: number | 'random';
  /** Cases per check. */
  readonly runs: number;
  /** Adapters, by source, that have another number of cases per check, and only the checks that match one of these globs. */
  readonly budgets?: Readonly<Record<string, { readonly runs: number; readonly checks: readonly string[] }>>;
  /** Seconds for the whole run. */
  readonly timeLimit?: number;
  /** True if every claim is to be judged; the result says which were not. */
  readonly everyClaim?: boolean;
  /** True if the checks that are most likely to fail are run first. */
  readonly likelyFirst?: boolean;
  /** Seconds in which the checks with bounds search for the cases that are nearest to them. */
  readonly hunt?: number;
  /** Seconds that a call may take. */
  readonly timeout: number;
  /** Seconds that a start, or the first call of a compiled class, may take. */
  readonly startTimeout: number;
  /** Number of checks at a time. Default: as many as there are cores. */
  readonly jobs?: number;
  /** Number of unexpected failures after which the rest is not run. */
  readonly bail?: number;
  /** Folder of the journal, the failure folders and result.json. */
  readonly out: string;
  readonly resume: boolean;
  /** Spec documents beside the suite's. */
  readonly documents: readonly SpecDocument[];
  /** Part of the plan that is run; if absent, all of it. */
  readonly shard?: PlanShard;
  /** Cost table by which the plan is divided into shards. */
  readonly costs?: Costs;
  /** Saved failures, which are judged before a check's own cases. */
  readonly corpus?: readonly CorpusEntry[];
  /** Dialect on top of the adapters' declarations. */
  readonly dialect: Dialect;
  readonly expectations?: ExpectationLookup;
  /**
   * Ends the run: host processes are killed, results so far are written, the journal stays, and
   * `run` rejects with the signal's reason.
   */
  readonly signal?: AbortSignal;
}

/** Plan of a run, before anything is run. */
interface PlanEvent {
  /** Checks of this run, in order. */
  readonly checks: readonly Check[];
}

export interface Progress {
  /** Judged checks, out of `total`; unclaimed ones are not counted. */
  readonly done: number;
  readonly total: number;
  /** Checks that failed against expectation. */
  readonly failed: number;
  readonly adapter: string;
  readonly check: string;
  /** Cases judged in all. */
  readonly cases: number;
}

/** Callbacks of a run's progress. An error thrown by `onPlan` ends the run before anything is judged. */
export interface RunEvents {
  /** Called when an adapter was started or turned out unavailable. `started` counts these, out of `of`. */
  onStart?(started: number, of: number, source: string): void;
  /** Called when the seed was drawn. */
  onSeed?(seed: number): void;
  onPlan?(plan: PlanEvent): void;
  onAdapter?(adapter: AdapterResult): void;
  onCheck?(check: CheckResult): void;
  /** Called when every check of an adapter that had checks to judge has its result. */
  onAdapterEnd?(adapter: string, checks: readonly CheckResult[]): void;
  onProgress?(progress: Progress): void;
  /** Called after the signal ended the run, with the written result; the journal stays. */
  onInterrupt?(result: Result): void;
}
