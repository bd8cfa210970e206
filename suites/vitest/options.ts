import type { LoadOptions } from '../../adapters/load-options.js';
import { checkDocument } from '../../spec/lib/documents.js';
import { nearestNames } from '../../spec/lib/nearest.js';
import type { Dialect, Expectation } from '../../spec/types/documents.js';
import { defaults } from '../cli/defaults.js';
import { UsageError } from '../lib/usage-error.js';

/** Options of `conformance`. */
export interface ConformanceOptions {
  /** Names of profiles; default `["core"]`. */
  readonly profiles?: readonly string[];
  /** Globs over check ids; default: all. */
  readonly filter?: readonly string[];
  /** Cases per check, default 50; four times as many for `+all`. */
  readonly runs?: number;
  /** Seed of the cases, default 0. */
  readonly seed?: number;
  /** Dialect declared in addition to the adapter's. */
  readonly dialect?: Dialect;
  /**
   * Known failures: a file of expectations, or its entries. An expected failure passes as a test;
   * an expected failure that no longer fails is a failed test.
   */
  readonly expectations?: string | readonly Expectation[];
  /** Folders with user operators, masks and schemes, as for `--spec`. */
  readonly spec?: readonly string[];
  /** Folder for failures of adapters named by a string; default `attn-cts-out/vitest`. */
  readonly out?: string;
  /** Seconds per call of adapters named by a string; default 10. */
  readonly timeout?: number;
  /** Seconds to start; default 120. */
  readonly startTimeout?: number;
  /** Start options of adapters named by a string. */
  readonly load?: LoadOptions;
  /** Skips the tests of an unavailable adapter instead of failing. */
  readonly allowUnavailable?: boolean;
}

export type ResolvedOptions = Required<Omit<ConformanceOptions, 'expectations'>> & Pick<ConformanceOptions, 'expectations'>;

const standard: ResolvedOptions = {
  profiles: ['core'],
  filter: [],
  runs: defaults.runs,
  seed: defaults.seed,
  dialect: {},
  spec: [],
  out: `${defaults.out}/vitest`,
  timeout: defaults.timeout,
  startTimeout: defaults.startTimeout,
  load: {},
  allowUnavailable: false,
};

/** Fills in defaults. @throws {UsageError | DocumentError} for an unknown or ill-typed option. */
export function resolveOptions(options: ConformanceOptions): ResolvedOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const names = [...Object.keys(standard), 'expectations'];
  for (const name of Object.keys(given))
    if (!names.includes(name)) throw new UsageError(`conformance: found the option "${name}"; ${nearestNames(name, names)}`);
  const { load: _, allowUnavailable: __, expectations: ___, ...configured } = given;
  const { seed } = checkDocument('config', configured, 'the options of conformance');
  if (seed === 'random')
    throw new UsageError('conformance: found "random" for the option "seed", must be a number: tests draw the same cases each time');
  return { ...standard, ...given };
}
