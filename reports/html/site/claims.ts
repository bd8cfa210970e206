import type { Report } from './report.js';

const unclaimed: ReadonlySet<unknown> = new Set([undefined, 'unsupported']);

/** What has a check that one of the implementations claims, and what has none. */
export function byClaim<T>(
  report: Report,
  implementations: readonly number[],
  items: readonly T[],
  checksOf: (item: T) => readonly number[],
): [claimed: T[], others: T[]] {
  const isClaimed = (check: number) => implementations.some((i) => !unclaimed.has(report.verdict(i, check)));
  const [claimed, others]: [T[], T[]] = [[], []];
  for (const item of items) (checksOf(item).some(isClaimed) ? claimed : others).push(item);
  return [claimed, others];
}
