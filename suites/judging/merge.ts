import { decided } from '../../spec/numeric/decided.js';
import { gamma } from '../../spec/numeric/profile.js';

/** Unit roundoff and smallest subnormal of float64, in which parts are merged. */
const U64 = 2 ** -53;
const T64 = 2 ** -1074;

/** Attention over a part of the keys. The LSE is natural; one part alone includes the sink. */
export interface Part {
  /** [rows, e] */
  readonly o: Float64Array;
  /** [rows]; −∞ where the part has no weight. */
  readonly lse: Float64Array;
}

/** Expected part, with the bounds of the kernel's stored outputs. */
export interface BoundedPart extends Part {
  readonly oBound: Float64Array;
  readonly lseBound: Float64Array;
}

/**
 * LSE = max + log Σ exp(lseᵢ − max) and O = Σ exp(lseᵢ − max)·oᵢ ÷ Σ exp(lseᵢ − max) in float64;
 * (0, −∞) for rows without weight. exp(lseᵢ − LSE) would carry the rounding of a large LSE.
 */
export function merge(parts: readonly Part[], e: number): Part {
  const rows = parts[0].lse.length;
  const o = new Float64Array(rows * e);
  const lse = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const max = Math.max(...parts.map((part) => part.lse[row]));
    if (max === -Infinity) {
      lse[row] = max;
      continue;
    }
    let sum = 0;
    for (const part of parts) {
      if (part.lse[row] === -Infinity) continue;
      const weight = Math.exp(part.lse[row] - max);
      sum += weight;
      for (let x = 0; x < e; x++) o[row * e + x] += weight * part.o[row * e + x];
    }
    for (let x = row * e; x < (row + 1) * e; x++) o[x] /= sum;
    lse[row] = max + Math.log(sum);
  }
  return { o, lse };
}

/**
 * Merge of exact parts, and the bound of a kernel's merge (NUMERICS, "merge"):
 * Σ wᵢ(e_oᵢ + expm1(2 max e_lse)(|oᵢ − O| + e_oᵢ)) plus float64 rounding.
 */
export function mergeBounded(parts: readonly BoundedPart[], e: number): BoundedPart {
  const merged = merge(parts, e);
  const rows = merged.lse.length;
  const oBound = new Float64Array(rows * e);
  const lseBound = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const present = parts.filter((part) => part.lse[row] !== -Infinity);
    if (present.length === 0) continue;
    const total = merged.lse[row];
    const worst = present.reduce((most, part) => Math.max(most, part.lseBound[row]), 0);
    const largest = present.reduce((most, part) => Math.max(most, Math.abs(part.lse[row])), 0);
    lseBound[row] = worst + U64 * (6 * (largest + Math.abs(total)) + parts.length + 8);
    if (worst === Infinity) {
      oBound.fill(Infinity, row * e, (row + 1) * e);
      continue;
    }
    const spread = Math.expm1(2 * worst);
    for (const part of present) {
      const gap = total - part.lse[row];
      const weight = Math.exp(-gap);
      const rounding = gamma(3 * parts.length + 8, U64) + (6 + 3 * Math.abs(gap)) * U64 * parts.length;
      for (let x = row * e; x < (row + 1) * e; x++) {
        const own = part.oBound[x];
        oBound[x] +=
          own === Infinity
            ? Infinity
            : weight * (own + spread * (Math.abs(part.o[x] - merged.o[x]) + own) + rounding * Math.abs(part.o[x])) + 4 * T64;
      }
    }
  }
  return { ...merged, oBound: decided(oBound), lseBound: decided(lseBound) };
}

/** log Σ exp(xᵢ); −∞ if every xᵢ is −∞, NaN if any is NaN. */
export function logSumExp(x: readonly number[]): number {
  const max = Math.max(...x);
  if (!Number.isFinite(max)) return max;
  return max + Math.log(x.reduce((sum, y) => sum + Math.exp(y - max), 0));
}
