/** What a rank does from one time to another, in seconds since the job began: its device computes, or waits; one of its ports sends. */
export interface Interval {
  readonly rank: number;
  readonly from: number;
  readonly to: number;
  readonly kind: 'compute' | 'wait' | 'send';
  /** Of a computation the phase, of a message its cost and whom it goes to. */
  readonly label?: string;
}

/**
 * The intervals, and the gaps between a rank's computations until its end, in which it waits.
 * @param ends by rank.
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
