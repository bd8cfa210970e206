import type { ResultDiff } from './diff.js';

/** What a gate closes on: a check that passed and does anything else, one that fails in a new way, another dialect, a looser numeric profile. */
export function isRegression({ regressions, newClasses, dialects, numerics }: ResultDiff): boolean {
  return regressions.length > 0 || newClasses.length > 0 || dialects.length > 0 || numerics.some(({ looser }) => looser);
}
