import type { LoadOptions } from '../../adapters/load-options.js';
import type { Config, Dialect, Speed } from '../../spec/types/documents.js';
import { readDialectFlags } from '../dialect-flag.js';
import type { ParallelOptions } from '../plan/parallel-options.js';
import type { Shard } from '../plan/shards/shard.js';
import { defaults } from './defaults.js';

/** The flags of `attn-cts run` as commander gives them; absent ones undefined. */
export interface RunFlags {
  readonly adapter?: string[];
  readonly profile?: string[];
  readonly filter?: string[];
  readonly seed?: number | 'random';
  readonly runs?: number;
  readonly speed?: Speed;
  readonly timeLimit?: number;
  readonly hunt?: number;
  readonly timeout?: number;
  readonly startTimeout?: number;
  readonly jobs?: number;
  readonly expectations?: string;
  readonly updateExpectations?: boolean;
  readonly corpus?: string;
  readonly shard?: Shard;
  readonly costs?: string;
  readonly writeCosts?: string;
  readonly reporter?: string[];
  readonly out?: string;
  readonly resume?: boolean;
  readonly bail?: number;
  readonly allowIncomplete?: boolean;
  readonly failOnWarnings?: boolean;
  readonly spec?: string[];
  readonly dialect?: string[];
  readonly slow?: number;
  readonly python?: string;
  readonly tmp?: string;
  readonly scheme?: string[];
  readonly ranks?: number[];
  readonly transport?: 'simulated' | 'workers' | 'mpi';
  readonly hostfile?: string;
}

export interface RunSettings {
  /** Empty: every built-in. */
  readonly adapters: readonly string[];
  /** Empty: all. */
  readonly profiles: readonly string[];
  readonly filter: readonly string[];
  readonly seed: number | 'random';
  readonly runs: number;
  /** The class of every adapter's speed; absent: it is measured. */
  readonly speed?: Speed;
  readonly timeLimit?: number;
  /** Seconds to look for cases that are nearer to their bounds. */
  readonly hunt?: number;
  readonly timeout: number;
  readonly startTimeout: number;
  readonly jobs?: number;
  readonly expectations?: string;
  /** The expectations file is rewritten by what the run found. */
  readonly updateExpectations: boolean;
  /** Folder of saved failures. */
  readonly corpus?: string;
  readonly shard?: Shard;
  /** Files of cost tables. */
  readonly costs?: string;
  readonly writeCosts?: string;
  readonly reporters: readonly string[];
  readonly out: string;
  readonly resume: boolean;
  readonly bail?: number;
  readonly allowIncomplete: boolean;
  readonly failOnWarnings: boolean;
  readonly spec: readonly string[];
  readonly dialect: Dialect;
  /** Cases per check of the built-ins that are slow to start or to call; absent: they are not asked unless they are named. */
  readonly slow?: number;
  readonly schemes?: readonly string[];
  readonly parallel?: ParallelOptions;
  readonly load: LoadOptions;
}

/**
 * Flags over configuration over defaults. A list that a flag gives replaces the configured one; dialect axes are merged.
 * @throws {UsageError | DocumentError} for a bad `--dialect`.
 */
export function mergeSettings(flags: RunFlags, config: Config): RunSettings {
  const schemes = flags.scheme ?? config.schemes;
  const ranks = flags.ranks ?? config.ranks;
  const transport = flags.transport ?? config.transport;
  return {
    ...(schemes && { schemes }),
    ...((ranks || transport) && { parallel: { ...(ranks && { ranks }), ...(transport && { transport }) } }),
    adapters: flags.adapter ?? config.adapters ?? [],
    profiles: flags.profile ?? config.profiles ?? [],
    filter: flags.filter ?? config.filter ?? [],
    seed: flags.seed ?? config.seed ?? defaults.seed,
    runs: flags.runs ?? config.runs ?? defaults.runs,
    speed: flags.speed ?? config.speed,
    timeLimit: flags.timeLimit ?? config.timeLimit,
    hunt: flags.hunt ?? config.hunt,
    timeout: flags.timeout ?? config.timeout ?? defaults.timeout,
    startTimeout: flags.startTimeout ?? config.startTimeout ?? defaults.startTimeout,
    jobs: flags.jobs ?? config.jobs,
    expectations: flags.expectations ?? config.expectations,
    updateExpectations: flags.updateExpectations ?? false,
    corpus: flags.corpus ?? config.corpus,
    shard: flags.shard,
    costs: flags.costs ?? config.costs,
    writeCosts: flags.writeCosts,
    reporters: flags.reporter ?? config.reporters ?? [defaults.reporter],
    out: flags.out ?? config.out ?? defaults.out,
    resume: flags.resume ?? false,
    bail: flags.bail ?? config.bail,
    allowIncomplete: flags.allowIncomplete ?? config.allowIncomplete ?? false,
    failOnWarnings: flags.failOnWarnings ?? config.failOnWarnings ?? false,
    spec: flags.spec ?? config.spec ?? [],
    slow: flags.slow ?? config.slow,
    load: { python: flags.python ?? config.python, tmp: flags.tmp ?? config.tmp, hostfile: flags.hostfile ?? config.hostfile },
    dialect: { ...config.dialect, ...readDialectFlags(flags.dialect ?? []) },
  };
}
