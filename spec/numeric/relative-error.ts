/** Error of a normalised weight p: p[(1 − p)rel + (T − p·rel) + 2(T + rel)²]. @param relative error before normalisation. @param total T, Σ p·rel of its row. */
export function spread(p: number, relative: number, total: number): number {
  const sum = total + relative;
  return p * ((1 - p) * relative + (total - p * relative) + 2 * sum * sum);
}

/**
 * exp(e) − 1 for an error e ≥ 0: by how much an exponential is off where its argument is off by e. Never below it; for small errors a
 * polynomial that is above it by less than e³ and a third of the time.
 */
export function relativeError(e: number): number {
  // e²/2·(1 + e/2) is more than e²/2 + e³/6 + e⁴/24 + … there
  return e < 2 ** -14 ? e + 0.5 * e * e * (1 + 0.5 * e) : Math.expm1(e);
}
