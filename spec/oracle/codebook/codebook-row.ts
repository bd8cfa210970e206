import { chainError, gamma, type NumericProfile, probabilityStore } from '../../numeric/profile.js';
import { mergeShare } from '../counted/counted-forward.js';

/** Relative errors of a row with few distinct scores, and with sums by `numeric.chain`. */
export interface RowErrors {
  readonly lse: number;
  readonly lseBound: number;
  /** Factors of Σ p·|v| and of |o| in the bound of o. */
  readonly values: number;
  readonly output: number;
  readonly sum: number;
}

/** Sums and errors of a row. */
export interface RowOfClasses {
  readonly total: number;
  readonly visible: number;
  /** Number of key classes, which limits changes of the maximum. */
  readonly classes: number;
  readonly largest: number;
  readonly size: number;
  readonly relative: number;
}

/** NUMERICS, "softmax", "logsumexp" and "dot of a softmax over its own axis with v", per row. */
export function rowErrors(numeric: NumericProfile, row: RowOfClasses): RowErrors {
  const { a, exp, tile } = numeric;
  const lse = row.largest + Math.log(row.total);
  const approximate = exp === 0 ? 0 : Math.expm1((Math.ceil(row.visible / tile) + 1) * exp);
  const relative = row.relative + approximate;
  const sum = chainError(numeric, row.visible, Math.min(row.classes, row.visible));
  const rho = relative + sum;
  const isDecided = rho < 1 && relative < 0.5;
  const merged = mergeShare(a, lse);
  const store = numeric.probabilitiesStored ? probabilityStore(numeric).u : 0;
  const shared = relative + 2 * (2 * relative) ** 2;
  return {
    lse,
    sum,
    lseBound: isDecided ? rho / (1 - rho) + 6 * a * (Math.abs(lse) + row.size) + 4 * a * (row.size + Math.abs(lse) + 1) + merged : Infinity,
    values: isDecided ? relative + shared + 2 * sum + gamma(2, a) + store + merged + (numeric.tf32 ? 2 ** -9 : 0) : Infinity,
    output: isDecided ? relative + shared : Infinity,
  };
}
