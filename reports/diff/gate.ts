import type { ResultDiff } from './diff.js';

/**
 * True if a difference must fail a gate: a check that passed and no longer does, a check that fails in a new way, another dialect, or a
 * looser numeric profile.
 */
export function isRegression({ regressions, newClasses, dialects, numerics }: ResultDiff): boolean {
  return regressions.length > 0 || newClasses.length > 0 || dialects.length > 0 || numerics.some(({ looser }) => looser);
}
