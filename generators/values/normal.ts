const BITS = 14;
const SIZE = 2 ** BITS;

/** The quantiles of the standard normal at (i + ½)/2¹⁴, by Acklam's rational approximation (relative error 1.15e-9). */
const quantiles = Float64Array.from({ length: SIZE }, (_, i) => quantile((i + 0.5) / SIZE));

/** A standard normal number for 32 hashed bits: between −4.0 and 4.0. */
export function normalOf(hash: number): number {
  return quantiles[hash >>> (32 - BITS)];
}

function quantile(p: number): number {
  if (p > 0.5) return -quantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return (
      (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968) * q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    );
  }
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r - 30.66479806614716) * r +
      2.506628277459239) *
      q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r - 13.28068155288572) * r + 1)
  );
}
