import type { DrawRequest, Feature } from '../../generators/lib/needs.js';
import type { DType } from '../../spec/types/documents.js';

/** Check of one property of one operator, feature, mask and dtype, for one adapter. */
export interface Check extends CheckParts {
  readonly id: string;
  readonly adapter: string;
  /** Number of cases to judge; 0 if the check cannot be run. */
  readonly cases: number;
  /** How many of its cases, the last ones, have sizes that every check reaches. */
  readonly floors: number;
  /** Request by which its cases are drawn. */
  readonly request: DrawRequest;
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
