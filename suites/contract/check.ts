import type { Feature } from '../../generators/lib/needs.js';
import type { DType, Speed } from '../../spec/types/documents.js';

/** Check of one property of one operator, feature, mask and dtype, for one adapter. */
export interface Check extends CheckParts {
  readonly id: string;
  readonly adapter: string;
  /** Number of cases to judge; 0 if the check cannot be run. */
  readonly cases: number;
  /** How many of its cases, the last ones, have sizes that every check reaches; absent if none has. */
  readonly floors?: number;
  /** Speed class of the adapter, which limits cases of production sizes. If absent, no such case is drawn. */
  readonly speed?: Speed;
  /** Number of shapes from which its cases are drawn. If absent, each case has a shape of its own. */
  readonly shapes?: number;
  /** Keys of its cases that have targets. If absent, a length is drawn. */
  readonly tokens?: number;
  /** Settings of running its ranks, for a scheme's check. */
  readonly parallel?: ParallelOptions;
  /** Reason why the check cannot be run on the adapter. */
  readonly unsupported?: string;
}

/** Parts of a check id (CONTRACTS: checks). */
export interface CheckParts {
  readonly operator: string;
  readonly feature?: Feature;
  /** Name of a mask, or `any` if the masks are drawn. */
  readonly mask: string;
  readonly property: string;
  readonly dtype: DType;
  /** Scheme on whose ranks the case is computed. */
  readonly scheme?: string;
}

export interface ParallelOptions {
  readonly ranks?: readonly number[];
  readonly transport?: 'simulated' | 'workers' | 'mpi';
}
