import type { CompiledMask } from '../mask/compile/compiled-mask.js';

/** Starts and ends of visible runs by key, for a sweep that computes row sums as differences. */
export interface RunEnds {
  /** Start of the entries of key j in [0, n], and the final end. */
  readonly first: Int32Array;
  /** 2·row for a start, 2·row + 1 for an end; they precede the key. */
  readonly entries: Int32Array;
  readonly ofRow: Int32Array;
  readonly visible: Int32Array;
}

/** Run starts and ends of a head's rows, except starts at key 0. @param wanted selects rows. */
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
  /** Called with 1 at the end of a run and −1 at its start: the run's sum is the difference. */
  visit(row: number, sign: number): void;
  add(key: number): void;
}

/** Sweeps over the keys, and yields each row when its last run ends, so that few rows are open. */
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

/** Sums of open rows of a sweep. */
export class OpenRows {
  private readonly places: Int32Array;
  private readonly free: number[] = [];
  private count = 0;
  private sums: Float64Array;

  constructor(
    rows: number,
    private readonly width: number,
  ) {
    this.places = new Int32Array(rows);
    this.sums = new Float64Array(width);
  }

  /** Sums of a row, initially 0, until its end; the view is invalid when another row begins. */
  of(row: number): Float64Array {
    if (this.places[row] === 0) this.places[row] = (this.free.pop() ?? this.grown()) + 1;
    const from = (this.places[row] - 1) * this.width;
    return this.sums.subarray(from, from + this.width);
  }

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
