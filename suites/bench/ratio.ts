/** Numbers in ascending order. */
export function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** @param values one or more. */
export function median(values: readonly number[]): number {
  const order = sorted(values);
  const middle = Math.floor(order.length / 2);
  return order.length % 2 === 1 ? order[middle] : (order[middle - 1] + order[middle]) / 2;
}

export interface RatioEstimate {
  readonly p50: number;
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
}

/**
 * Ratio of paired neighbouring calls, which meet the same noise. The interval holds the median with
 * 95 %, by order statistics (David and Nagaraja, Order Statistics, 7.1).
 */
export function pairedRatio(times: readonly number[], baseline: readonly number[]): RatioEstimate | undefined {
  const ratios = sorted(times.slice(0, baseline.length).map((time, x) => time / baseline[x])).filter((ratio) => Number.isFinite(ratio));
  const pairs = ratios.length;
  if (pairs === 0) return undefined;
  const reach = (1.96 * Math.sqrt(pairs)) / 2;
  const low = Math.max(0, Math.floor(pairs / 2 - reach) - 1);
  const high = Math.min(pairs - 1, Math.ceil(pairs / 2 + reach));
  return { p50: median(ratios), low: ratios[low], high: ratios[high], pairs };
}

/** Median of the second half ÷ median of the first: 1 on a steady machine. */
export function driftOf(times: readonly number[]): number {
  const half = Math.floor(times.length / 2);
  return half === 0 ? 1 : median(times.slice(half)) / median(times.slice(0, half));
}
