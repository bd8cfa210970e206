import type { Report } from './report.js';

const unclaimed: ReadonlySet<unknown> = new Set([undefined, 'unsupported']);

/** Splits items by whether an implementation claims any of their checks. */
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
