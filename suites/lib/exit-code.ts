import { unjudgedClaims } from '../../spec/claims/unjudged-claims.js';
import type { CheckResult, Result } from '../../spec/types/documents.js';

/** Exit codes of a run (CONTRACTS: exit). */
export const exitCodes = { passed: 0, failed: 1, usage: 2, inconclusive: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** True if the kernel is wrong. */
export function isFailing(verdict: CheckResult['verdict']): boolean {
  return verdict === 'fail' || verdict === 'crash' || verdict === 'timeout';
}

/** True for an unexpected failure, or an unexpected pass. */
export function isUnexpected(check: CheckResult): boolean {
  if (check.verdict === 'pass') return check.expected === false;
  return isFailing(check.verdict) && check.expected !== true;
}

/**
 * `failed` for an unexpected check, `inconclusive` if claims were left unjudged, else `passed`.
 * @param named adapters of `--adapter`. @param allowIncomplete accepts checks that were not run.
 */
export function exitCodeOf(
  result: Result,
  { named, allowIncomplete, failOnWarnings }: { named: readonly string[]; allowIncomplete: boolean; failOnWarnings: boolean },
): ExitCode {
  if (result.checks.some((c) => isUnexpected(c) || (failOnWarnings && c.warnings !== undefined))) return exitCodes.failed;
  const missing = result.adapters.some((a) => named.includes(a.id) && a.unavailable !== undefined);
  const judged = result.checks.some((c) => c.verdict === 'pass' || isFailing(c.verdict));
  const has = (verdict: CheckResult['verdict']) => result.checks.some((c) => c.verdict === verdict);
  if (has('error') || missing || (has('not-run') && !allowIncomplete) || !judged || unjudgedClaims(result).length > 0)
    return exitCodes.inconclusive;
  return exitCodes.passed;
}
