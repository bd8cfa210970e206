import type { NumericProfile } from './profile.js';

/** Error bound of an LSE by its sum's relative error ρ: ρ/(1−ρ) + 6a|L−m| + 4a(|m| + |L| + 1). */
export function lseError(max: number, lse: number, rho: number, a: number): number {
  return rho / (1 - rho) + 6 * a * Math.abs(lse - max) + 4 * a * (Math.abs(max) + Math.abs(lse) + 1);
}

/** Computed scores: count, largest score m, log Σ exp L, largest error E; with the sink. */
interface Row {
  readonly count: number;
  readonly max: number;
  readonly lse: number;
  readonly largest: number;
  readonly exponentials: number;
  readonly sum: number;
}

/**
 * Error bound of an LSE for score errors of any size: log Σ exp(s) moves by at most the largest
 * error. The sum of exponentials has the relative error Σ p(6 + 3|s − m|)a, with Σ p|s − m| at most
 * log c for c scores.
 */
export function lseErrorOfScores({ count, max, lse, largest, exponentials, sum }: Row, { a }: Pick<NumericProfile, 'a'>): number {
  const range = Math.log(count);
  const rho = (6 + 3 * range) * a + exponentials + sum;
  if (!(rho < 1)) return Infinity;
  return largest + rho / (1 - rho) + 6 * a * range + 4 * a * (Math.abs(max) + Math.abs(lse) + 2 * largest + 1);
}
