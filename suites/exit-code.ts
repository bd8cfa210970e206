import type { CheckResult, Result } from '../spec/types/documents.js';

/** What a run leaves behind for its caller (CONTRACTS: exit). */
export const exitCodes = { passed: 0, failed: 1, usage: 2, noJudgement: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure nobody expected, or an expected one that passed. */
export function isUnexpected(check: CheckResult): boolean {
  if (check.verdict === 'pass') return check.expected === false;
  return (check.verdict === 'fail' || check.verdict === 'crash' || check.verdict === 'timeout') && check.expected !== true;
}

/**
 * @param named ids of the adapters that were asked for by `--adapter`.
 * @param allowIncomplete checks that were not run are no reason to withhold judgement.
 * @param failOnWarnings accuracy warnings count as failures.
 */
export function exitCodeOf(
  result: Result,
  { named, allowIncomplete, failOnWarnings }: { named: readonly string[]; allowIncomplete: boolean; failOnWarnings: boolean },
): ExitCode {
  if (result.checks.some((c) => isUnexpected(c) || (failOnWarnings && c.warnings !== undefined))) return exitCodes.failed;
  const verdicts = new Set(result.checks.map((c) => c.verdict));
  const missing = result.adapters.some((a) => named.includes(a.id) && a.unavailable !== undefined);
  const judged = verdicts.has('pass') || verdicts.has('fail') || verdicts.has('crash') || verdicts.has('timeout');
  if (verdicts.has('error') || missing || (verdicts.has('not-run') && !allowIncomplete) || !judged) return exitCodes.noJudgement;
  return exitCodes.passed;
}
