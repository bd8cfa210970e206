import type { CompiledMask } from '../mask/compile/compiled-mask.js';

/** Rows by the keys at which their runs of visible keys start and end, for a sweep over the keys that has each row's sums as differences. */
export interface RunEnds {
  /** Where the entries of key j begin, for j in [0, n], and where the last ones end. */
  readonly first: Int32Array;
  /** Twice the row for a start, and 1 more for an end. Entries of key j come before that key is added. */
  readonly entries: Int32Array;
  /** Number of visible keys of each row. */
  readonly visible: Int32Array;
}

/**
 * The starts and ends of the runs of a query head's rows. A start at key 0 has no entry: all sums are 0 there.
 * @param wanted tells of a row whether it is swept; every row is if absent.
 */
export function runEnds(mask: CompiledMask, b: number, h: number, wanted?: (i: number) => boolean): RunEnds {
  const { m, n } = mask;
  const runs = new Int32Array(n + 2);
  const first = new Int32Array(n + 2);
  const visible = new Int32Array(m);
  const each = (visit: (place: number, row: number, isEnd: number) => void) => {
    for (let i = 0; i < m; i++) {
      if (wanted && !wanted(i)) continue;
      const ends = 2 * mask.runs(b, h, i, runs);
      for (let x = 0; x < ends; x++) if (runs[x] > 0) visit(runs[x], i, x & 1);
    }
  };
  each((key, row, isEnd) => {
    first[key + 1]++;
    visible[row] += isEnd ? key : -key;
  });
  for (let key = 0; key <= n; key++) first[key + 1] += first[key];
  const next = first.slice();
  const entries = new Int32Array(first[n + 1]);
  each((key, row, isEnd) => {
    entries[next[key]++] = 2 * row + isEnd;
  });
  return { first, entries, visible };
}
