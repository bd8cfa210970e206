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
  /** Globs over check ids; default: every check of the profiles. */
  readonly filter?: readonly string[];
  /** Cases per check, default 50; `+all` has four times as many. */
  readonly runs?: number;
  /** Seed from which cases are drawn, default 0. */
  readonly seed?: number;
  /** Dialect that is declared on top of what the adapter declares. */
  readonly dialect?: Dialect;
  /**
   * Known failures: the path of an expectations file, or its entries. A check that fails as expected passes as a test; one that no longer
   * fails is a failed test.
   */
  readonly expectations?: string | readonly Expectation[];
  /** Folders with the user's own operators, masks and schemes, as for `--spec`. */
  readonly spec?: readonly string[];
  /** Folder for the failure folders of adapters that are named by a string; default `attn-cts-out/vitest`. */
  readonly out?: string;
  /** Seconds that a call may take, for adapters that are named by a string; default 10. */
  readonly timeout?: number;
  /** Seconds that a start may take; default 120. */
  readonly startTimeout?: number;
  /** Options of starting adapters that are named by a string. */
  readonly load?: LoadOptions;
  /** True if an adapter that is not available on this machine gives a skipped test instead of a failed one. */
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

/**
 * Options with the defaults of those that are not given.
 * @throws {UsageError} for an option that there is not. @throws {DocumentError} for one of another type than a configuration has.
 */
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
