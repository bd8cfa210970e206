import type { Report } from './report.js';

/** Whether one of the implementations claims one of the checks. */
export function isClaimed(report: Report, implementations: readonly number[], checks: readonly number[]): boolean {
  return checks.some((check) => implementations.some((i) => !unclaimed.has(report.verdict(i, check))));
}

const unclaimed: ReadonlySet<unknown> = new Set([undefined, 'unsupported']);
