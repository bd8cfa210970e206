import type { LoadOptions } from '../../adapters/load-options.js';
import type { Dialect, Expectation } from '../../spec/types/documents.js';
import { defaults } from '../cli/defaults.js';

/** What `conformance` takes beside the adapter. */
export interface ConformanceOptions {
  /** Default `["core"]`. */
  readonly profiles?: readonly string[];
  /** Globs over check ids; default: every check of the profiles. */
  readonly filter?: readonly string[];
  /** Cases per check, default 50; `+all` has four times as many. */
  readonly runs?: number;
  /** What cases are drawn from, default 0. */
  readonly seed?: number;
  /** Declared on top of what the adapter declares. */
  readonly dialect?: Dialect;
  /** Known failures: the path of an expectations file, or its entries. A check that fails as expected passes as a test; one that no longer fails is a failed test. */
  readonly expectations?: string | readonly Expectation[];
  /** Folders of operators, masks and schemes of one's own, as `--spec`. */
  readonly spec?: readonly string[];
  /** Where failure folders go, of adapters that are named by a string; default `attn-cts-out/vitest`. */
  readonly out?: string;
  /** Seconds a call may take, of adapters that are named by a string; default 10. */
  readonly timeout?: number;
  /** Seconds a start may take; default 120. */
  readonly startTimeout?: number;
  /** How adapters that are named by a string are started. */
  readonly load?: LoadOptions;
  /** An adapter that is not on this machine gives a skipped test in place of a failed one. */
  readonly allowUnavailable?: boolean;
}

export type ResolvedOptions = Required<Omit<ConformanceOptions, 'expectations'>> & Pick<ConformanceOptions, 'expectations'>;

export function resolveOptions(options: ConformanceOptions): ResolvedOptions {
  return {
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
    ...options,
  };
}
