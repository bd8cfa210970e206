import type { CompiledMask } from '../../mask/compile/compiled-mask.js';
import type { Counts } from '../../problem.js';
import { OpenRows, runEnds, sweepRows } from '../run-ends.js';

/** Sums of a row over its visible keys that are on, in steps of V. */
export interface CountedRow {
  readonly row: number;
  readonly visible: number;
  readonly on: number;
  /** Sum of values [e], then magnitudes of sums over stretches [e]; valid until the next row. */
  readonly sums: Float64Array;
  /** Largest sum over a part of a stretch so far. */
  readonly within: number;
}

/** Most stretches of the keys, and their least length. */
const [STRETCHES, LEAST] = [1024, 64];

/**
 * Row sums of a query head in the order of their last keys, by one sweep with sums per switch. A
 * row's keys are the rest of a stretch, whole stretches and the beginning of one; a rest is at most
 * its stretch plus its beginning.
 * @param wanted selects rows.
 */
export function* countedSums(
  mask: CompiledMask,
  counts: Counts,
  b: number,
  h: number,
  e: number,
  wanted?: (i: number) => boolean,
): Generator<CountedRow> {
  const { m, n } = mask;
  const { switches } = counts;
  const head = counts.keyHead[b * mask.heads + h];
  const switchOf = counts.ofRow.subarray((b * mask.heads + h) * m, (b * mask.heads + h + 1) * m);
  const on = new Int32Array(m);
  const stretches = new Stretches(switches, e);
  const length = LEAST * Math.max(1, Math.ceil(n / STRETCHES / LEAST));
  const open = new OpenRows(m, 2 * e);
  const ends = runEnds(mask, b, h, wanted);
  const rows = sweepRows(ends, {
    visit: (row, sign) => {
      const own = switchOf[row];
      on[row] += sign * stretches.count[own];
      stretches.addTo(own, sign, open.of(row));
    },
    add: (j) => {
      if (j % length === 0) stretches.close();
      stretches.add(counts.on[head * n + j], counts.steps, (head * n + j) * e);
    },
  });
  for (const row of rows) {
    yield { row, visible: ends.visible[row], on: on[row], sums: open.of(row), within: stretches.within };
    open.end(row);
  }
}

/** Sums of each switch [switches, e], now and at the start of the current stretch. */
class Stretches {
  readonly count: Int32Array;
  within = 0;
  private readonly sums: Int32Array;
  private readonly before: Int32Array;
  private readonly closed: Float64Array;

  constructor(
    private readonly switches: number,
    private readonly e: number,
  ) {
    this.count = new Int32Array(switches);
    this.sums = new Int32Array(switches * e);
    this.before = new Int32Array(switches * e);
    this.closed = new Float64Array(switches * e);
  }

  close(): void {
    const { sums, before, closed } = this;
    for (let x = 0; x < sums.length; x++) {
      closed[x] += Math.abs(sums[x] - before[x]);
      before[x] = sums[x];
    }
  }

  add(on: number, steps: Int8Array, from: number): void {
    const { e, sums, before } = this;
    let [low, high] = [0, 0];
    for (let own = 0; own < this.switches; own++) {
      if (((on >> own) & 1) === 0) continue;
      this.count[own]++;
      const at = own * e;
      for (let x = 0; x < e; x++) {
        const sum = sums[at + x] + steps[from + x];
        sums[at + x] = sum;
        const moved = sum - before[at + x];
        if (moved > high) high = moved;
        else if (moved < low) low = moved;
      }
    }
    this.within = Math.max(this.within, high, -low);
  }

  /** Adds a switch's sums to a row [2, e] at the end of a run, or subtracts them at its start. */
  addTo(own: number, sign: number, row: Float64Array): void {
    const { e, sums, before, closed } = this;
    const at = own * e;
    for (let x = 0; x < e; x++) {
      const sum = sums[at + x];
      row[x] += sign * sum;
      row[e + x] += sign * closed[at + x] + Math.abs(sum - before[at + x]);
    }
  }
}
