/**
 * Interval of a rank, in seconds since the job began, in which its device computes or waits, or one
 * of its ports sends.
 */
export interface Interval {
  readonly rank: number;
  readonly from: number;
  readonly to: number;
  readonly kind: 'compute' | 'wait' | 'send';
  /** Phase of a computation, or cost class and receiver of a message. */
  readonly label?: string;
}

/**
 * Returns the intervals, with the gaps between a rank's computations, up to its end, as waits.
 * @param ends end of each rank, by rank.
 */
export function withWaits(intervals: readonly Interval[], ends: ArrayLike<number>): Interval[] {
  const computed = Array.from(ends, () => [] as Interval[]);
  for (const interval of intervals) if (interval.kind === 'compute') computed[interval.rank].push(interval);
  const waits = computed.flatMap((own, rank) => {
    const gaps: Interval[] = [];
    let idleFrom = 0;
    for (const { from, to } of [...own, { from: ends[rank], to: ends[rank] }]) {
      if (from > idleFrom) gaps.push({ rank, from: idleFrom, to: from, kind: 'wait' });
      idleFrom = to;
    }
    return gaps;
  });
  return [...intervals, ...waits];
}
