/** Error of a normalised weight p: p[(1 − p)rel + (T − p·rel) + 2(T + rel)²] for T = Σ p·rel. */
export function spread(p: number, relative: number, total: number): number {
  const sum = total + relative;
  return p * ((1 - p) * relative + (total - p * relative) + 2 * sum * sum);
}

/** Upper bound of exp(e) − 1 for e ≥ 0; a fast polynomial, off by less than e³, for small e. */
export function relativeError(e: number): number {
  // e²/2·(1 + e/2) exceeds e²/2 + e³/6 + e⁴/24 + … there
  return e < 2 ** -14 ? e + 0.5 * e * e * (1 + 0.5 * e) : Math.expm1(e);
}
