/** Interval, in seconds, in which a device computes or waits, or a port sends. */
export interface Interval {
  readonly rank: number;
  readonly from: number;
  readonly to: number;
  readonly kind: 'compute' | 'wait' | 'send';
  readonly label?: string;
}

/** Adds waits between a rank's computations. @param ends end of each rank. */
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
