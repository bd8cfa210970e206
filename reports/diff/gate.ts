import type { ResultDiff } from './diff.js';

/** Returns true for regressions, new failures, another dialect, or a looser numeric profile. */
export function isRegression({ regressions, newClasses, dialects, numerics }: ResultDiff): boolean {
  return regressions.length > 0 || newClasses.length > 0 || dialects.length > 0 || numerics.some(({ looser }) => looser);
}
