import type { CompiledMask } from '../mask/compile/compiled-mask.js';

/** Rows by the keys at which their runs of visible keys start and end, for a sweep over the keys that has each row's sums as differences. */
export interface RunEnds {
  /** Where the entries of key j begin, for j in [0, n], and where the last ones end. */
  readonly first: Int32Array;
  /** Twice the row for a start, and 1 more for an end. Entries of key j come before that key is added. */
  readonly entries: Int32Array;
  /** Number of entries of each row; −1 of a row that is not swept. */
  readonly ofRow: Int32Array;
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
  const ofRow = new Int32Array(m);
  const each = (visit: (place: number, row: number, isEnd: number) => void) => {
    for (let i = 0; i < m; i++) {
      if (wanted && !wanted(i)) {
        ofRow[i] = -1;
        continue;
      }
      const ends = 2 * mask.runs(b, h, i, runs);
      for (let x = 0; x < ends; x++) if (runs[x] > 0) visit(runs[x], i, x & 1);
    }
  };
  each((key, row, isEnd) => {
    first[key + 1]++;
    ofRow[row]++;
    visible[row] += isEnd ? key : -key;
  });
  for (let key = 0; key <= n; key++) first[key + 1] += first[key];
  const next = first.slice();
  const entries = new Int32Array(first[n + 1]);
  each((key, row, isEnd) => {
    entries[next[key]++] = 2 * row + isEnd;
  });
  return { first, entries, ofRow, visible };
}

/** Steps of a sweep over the keys. */
export interface Sweep {
  /** Called for a row at the end of a run, with 1, and at its start, with −1: what lies between is the difference. */
  visit(row: number, sign: number): void;
  /** Called for each key in turn. */
  add(key: number): void;
}

/** Sweeps over the keys, and yields each row once, as soon as all of its runs have ended: few rows are begun and not ended at a time, unless runs lie far apart. */
export function* sweepRows({ first, entries, ofRow }: RunEnds, { visit, add }: Sweep): Generator<number> {
  for (let row = 0; row < ofRow.length; row++) if (ofRow[row] === 0) yield row;
  const left = ofRow.slice();
  const n = first.length - 2;
  for (let j = 0; j <= n; j++) {
    for (let x = first[j]; x < first[j + 1]; x++) {
      const row = entries[x] >> 1;
      visit(row, 2 * (entries[x] & 1) - 1);
      if (--left[row] === 0) yield row;
    }
    if (j < n) add(j);
  }
}

/** Sums of rows that a sweep has begun and not ended. */
export class OpenRows {
  /** One more than the place of each row; 0 of a row that has none. */
  private readonly places: Int32Array;
  private readonly free: number[] = [];
  private count = 0;
  private sums: Float64Array;

  /** @param rows of a query head. @param width sums of a row. */
  constructor(
    rows: number,
    private readonly width: number,
  ) {
    this.places = new Int32Array(rows);
    this.sums = new Float64Array(width);
  }

  /** Returns the sums of a row, which begin with 0. They are the row's own until it is ended; what was returned before is invalid when another row begins. */
  of(row: number): Float64Array {
    if (this.places[row] === 0) this.places[row] = (this.free.pop() ?? this.grown()) + 1;
    const from = (this.places[row] - 1) * this.width;
    return this.sums.subarray(from, from + this.width);
  }

  /** Ends a row: its place is another one's. */
  end(row: number): void {
    if (this.places[row] === 0) return;
    this.of(row).fill(0);
    this.free.push(this.places[row] - 1);
    this.places[row] = 0;
  }

  private grown(): number {
    if ((this.count + 1) * this.width > this.sums.length) {
      const sums = new Float64Array(2 * this.sums.length);
      sums.set(this.sums);
      this.sums = sums;
    }
    return this.count++;
  }
}
