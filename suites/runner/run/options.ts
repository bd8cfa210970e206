import type { LoadOptions } from '../../../adapters/load-options.js';
import type { SpecDocument } from '../../../spec/library.js';
import type { AdapterResult, Case, CheckResult, Costs, Dialect, Expectation, Speed, Verdict } from '../../../spec/types/documents.js';
import type { CorpusEntry } from '../../plan/corpus/read-corpus.js';
import type { ParallelOptions } from '../../plan/parallel-options.js';
import type { Check } from '../../plan/plan.js';
import type { Shard } from '../../plan/shards/shard.js';

/** What the runner asks of the expectations file. */
export interface ExpectationLookup {
  /** The entry that expects this very failure. */
  match(adapter: string, check: string, verdict: Verdict, failureClass: string | undefined, c: Case): Expectation | undefined;
  /** Every entry that applies to a check, whatever its class and case. */
  entriesFor(adapter: string, check: string): readonly Expectation[];
}

export interface RunOptions {
  /** Built-in ids, kinds with their argument, or paths of modules. */
  readonly adapters: readonly string[];
  /** How they are started. */
  readonly load?: LoadOptions;
  /** Names of profiles in the library. */
  readonly profiles: readonly string[];
  /** Whose parallel checks are planned, of the profiles that have any; all where absent. */
  readonly schemes?: readonly string[];
  /** How the ranks of schemes are run. */
  readonly parallel?: ParallelOptions;
  /** Globs over check ids; empty: all. */
  readonly filter: readonly string[];
  /** `random`: drawn once the adapters have started, when nothing of theirs can depend on it. */
  readonly seed: number | 'random';
  /** Cases per check. */
  readonly runs: number;
  /** The class of every adapter's speed; absent: each is measured, or of a shard taken from the cost table. */
  readonly speed?: Speed;
  /** By their source: adapters that have another number of cases per check, and checks that match one of the globs only. */
  readonly budgets?: Readonly<Record<string, { readonly runs: number; readonly checks: readonly string[] }>>;
  /** Seconds for the whole run. */
  readonly timeLimit?: number;
  /** Seconds in which the checks with bounds look for the cases that are nearest to them. */
  readonly hunt?: number;
  /** Seconds a call may take. */
  readonly timeout: number;
  /** Seconds a start, or the first call of a compiled class, may take. */
  readonly startTimeout: number;
  /** Checks at a time. Default: as many as there are cores. */
  readonly jobs?: number;
  /** Unexpected failures after which the rest is not run. */
  readonly bail?: number;
  /** Folder of the journal, the failure folders and result.json. */
  readonly out: string;
  readonly resume: boolean;
  /** Spec documents beside ours. */
  readonly documents: readonly SpecDocument[];
  /** The part of the plan that is run; absent: all of it. */
  readonly shard?: Shard;
  /** By what the plan is divided into shards. */
  readonly costs?: Costs;
  /** Saved failures, which are judged before a check's own cases. */
  readonly corpus?: readonly CorpusEntry[];
  /** Declared on top of what the adapters declare. */
  readonly dialect: Dialect;
  readonly expectations?: ExpectationLookup;
  /** Ends the run: hosts are killed, the journal stays, `run` rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What is planned, before anything is run. */
interface PlanEvent {
  /** Checks of this run, in order. */
  readonly checks: readonly Check[];
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly adapter: string;
  readonly check: string;
  /** Cases judged in all. */
  readonly cases: number;
}

/** Called as the run goes on. An error thrown by `onPlan` ends the run before anything is judged. */
export interface RunEvents {
  /** An adapter was started, or is unavailable: so many of all. */
  onStart?(started: number, of: number, source: string): void;
  /** The seed was drawn. */
  onSeed?(seed: number): void;
  onPlan?(plan: PlanEvent): void;
  onAdapter?(adapter: AdapterResult): void;
  onCheck?(check: CheckResult): void;
  onProgress?(progress: Progress): void;
}
