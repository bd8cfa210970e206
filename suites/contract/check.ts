import type { DrawRequest, Feature } from '../../generators/lib/needs.js';
import type { DType } from '../../spec/types/documents.js';

/** Check of one property of one operator, feature, mask and dtype, for one adapter. */
export interface Check extends CheckParts {
  readonly id: string;
  readonly adapter: string;
  readonly cases: number;
  /** How many of the cases, the last ones, have the sizes that every check must reach. */
  readonly floors: number;
  readonly request: DrawRequest;
  readonly unsupported?: string;
}

/** Parts of a check id (CONTRACTS: checks). */
export interface CheckParts {
  readonly operator: string;
  readonly feature?: Feature;
  /** Mask name, or `any` if masks are drawn. */
  readonly mask: string;
  readonly property: string;
  readonly dtype: DType;
  readonly scheme?: string;
}
