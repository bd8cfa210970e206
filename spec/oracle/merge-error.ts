import type { NumericProfile } from '../numeric/profile.js';
import { gamma } from '../numeric/profile.js';

interface MergedRow {
  readonly numeric: NumericProfile;
  readonly lse: number;
  readonly tiles: number;
  /** Largest difference of the LSEs of two parts of the keys. */
  range(): number;
}

/**
 * Error terms of a kernel that merges parts of the keys itself (NUMERICS, "merge by a kernel or
 * scheme that is not ours"): R parts (oᵢ, lseᵢ) are added one by one, in the accumulator.
 */
export interface MergeError {
  /** R: roundings of the running o and LSE. */
  readonly steps: number;
  /** Error of the running LSE after R logsumexps. */
  readonly lse: number;
  /** Relative error of a part's weight, by the weight of a key in it; it weighs |v|. */
  part(weight: number): number;
  /** Relative error that all weights share by the running LSE; it weighs |o|. */
  readonly shared: number;
  /** Cancellation error of differences: it weighs the spread of visible values, and |v|. */
  readonly difference?: { readonly apart: number; readonly size: number };
}

/**
 * Step j: Lⱼ = m + log(1 + exp(x)), with m the larger of both and x ≤ 0 the difference. It is off
 * by (11 + 3|Lⱼ|)a: (6 + 3|x|)a for exp(x), with at most half of the weight, and |x| times its
 * weight at most 0.28; a for the sum; 6a·log 2 for the logarithm; 3a|Lⱼ| + a for adding m and
 * changing the base. It counts in L with weight exp(Lⱼ − L). As |Lⱼ| ≤ |L| + (L − Lⱼ) and y·exp(−y)
 * ≤ 0.37, R steps come to R(12.2 + 3|L|)a. An approximate exponential adds its relative error in
 * each.
 * Weighted: o ← exp(Lⱼ₋₁ − Lⱼ)·o + exp(lseⱼ − Lⱼ)·oⱼ. The weights of part i multiply to exp(lseᵢ −
 * L) with the computed L, so they share the error of L. The arguments add up to L − lseᵢ ≤ −log p
 * for a key of weight p: (6R − 3·log p)a for exponentials, γ(3R + 8) for products, sums and a
 * division.
 * Difference: o ← o − σ(x)·(o − oⱼ), L ← L − logsigmoid(−x), x = lseⱼ − L. A jump of L by x rounds
 * x and its results; all jumps add up to at most the range of the scores and the log of their
 * number: 3·range·a more for L. With D the spread of the values and V the largest, |o − oⱼ| ≤ D is
 * off by two roundings weighted by σ, and σ by σ(1 − σ)(e_L + (6 + 4|x|)a + exp) + 4σa + a. Later
 * steps weigh step j by Πₖ(1 − σₖ), and Σ σⱼ Πₖ(1 − σₖ) ≤ 1; σ(1 − σ) ≤ ¼, σ(1 − σ)|x| ≤ 0.23; each
 * result is rounded: D(e_L + exp + (4R + 6)a) + R·V·a in all.
 */
export function mergeError(row: MergedRow): MergeError | undefined {
  const { numeric } = row;
  const { merge, a, exp } = numeric;
  if (!merge) return undefined;
  const steps = merge.steps ?? row.tiles + (numeric.parts > 1 ? numeric.parts : 0);
  const difference = merge.form === 'difference';
  const lse = steps * ((12.2 + 3 * Math.abs(row.lse)) * a + exp) + (difference ? 3 * row.range() * a : 0);
  const rounded = gamma(3 * steps + 8, a) + steps * (6 * a + 2 * exp);
  return {
    steps,
    lse,
    part: (weight) => (weight === 0 ? 0 : rounded - 3 * Math.log(weight) * a),
    shared: Math.expm1(lse),
    ...(difference && { difference: { apart: lse + exp + gamma(4 * steps + 6, a), size: gamma(steps, a) } }),
  };
}
