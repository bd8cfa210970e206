// Run list: `count` sorted, disjoint, non-adjacent, non-empty runs: start, end, start, end, …

/** Writes [start, end) ∩ [0, n), if not empty and without NaN; returns the number of runs. */
export function oneRun(out: Int32Array, start: number, end: number, n: number): number {
  const from = Math.max(start, 0);
  const to = Math.min(end, n);
  if (!(from < to)) return 0;
  out[0] = from;
  out[1] = to;
  return 1;
}

/** Intersects `out` with `other`, in place; returns the number of runs. */
export function intersectRuns(out: Int32Array, count: number, other: Int32Array, otherCount: number, spare: Int32Array): number {
  if (otherCount === 1) return clip(out, count, other[0], other[1], out);
  if (count === 1) return clip(other, otherCount, out[0], out[1], out);
  let x = 0;
  let y = 0;
  let found = 0;
  while (x < count && y < otherCount) {
    const start = Math.max(out[2 * x], other[2 * y]);
    const end = Math.min(out[2 * x + 1], other[2 * y + 1]);
    if (start < end) {
      spare[2 * found] = start;
      spare[2 * found + 1] = end;
      found++;
    }
    if (out[2 * x + 1] < other[2 * y + 1]) x++;
    else y++;
  }
  return copy(spare, found, out);
}

function clip(runs: Int32Array, count: number, start: number, end: number, out: Int32Array): number {
  let found = 0;
  for (let x = 0; x < count; x++) {
    const from = Math.max(runs[2 * x], start);
    const to = Math.min(runs[2 * x + 1], end);
    if (from < to) {
      out[2 * found] = from;
      out[2 * found + 1] = to;
      found++;
    }
  }
  return found;
}

/** Unites `out` with `other`, in place; returns the number of runs. */
export function uniteRuns(out: Int32Array, count: number, other: Int32Array, otherCount: number, spare: Int32Array): number {
  if (otherCount === 0) return count;
  if (count === 0) return copy(other, otherCount, out);
  let x = 0;
  let y = 0;
  let found = 0;
  while (x < count || y < otherCount) {
    const mine = y >= otherCount || (x < count && out[2 * x] <= other[2 * y]);
    const runs = mine ? out : other;
    const at = mine ? 2 * x++ : 2 * y++;
    if (found > 0 && runs[at] <= spare[2 * found - 1]) {
      spare[2 * found - 1] = Math.max(spare[2 * found - 1], runs[at + 1]);
    } else {
      spare[2 * found] = runs[at];
      spare[2 * found + 1] = runs[at + 1];
      found++;
    }
  }
  return copy(spare, found, out);
}

/** Writes the complement of `runs` in [0, n); returns the number of runs. */
export function invertRuns(runs: Int32Array, count: number, n: number, out: Int32Array): number {
  let found = 0;
  let start = 0;
  for (let x = 0; x <= count; x++) {
    const end = x < count ? runs[2 * x] : n;
    if (start < end) {
      out[2 * found] = start;
      out[2 * found + 1] = end;
      found++;
    }
    if (x < count) start = runs[2 * x + 1];
  }
  return found;
}

/** Total number of keys in the runs. */
export function runTotal(runs: Int32Array, count: number): number {
  let total = 0;
  for (let x = 0; x < count; x++) total += runs[2 * x + 1] - runs[2 * x];
  return total;
}

function copy(runs: Int32Array, count: number, out: Int32Array): number {
  for (let x = 0; x < 2 * count; x++) out[x] = runs[x];
  return count;
}

/** Predicate over a frame, for one key or a whole row. */
export interface RowPredicate {
  readonly reads: number;
  test(): boolean;
  /** True if runs are found by trying keys or segments. */
  scans(): boolean;
  /** Writes the runs of keys in [0, n) for the frame's b, h, i; may change its j. */
  runs(out: Int32Array): number;
}
