import type { CompiledMask } from '../../mask/compile/compiled-mask.js';
import type { Counts } from '../../problem.js';
import { OpenRows, runEnds, sweepRows } from '../run-ends.js';

/** Sums of a row over the visible keys that are on in its switch, in steps of V. */
export interface CountedRow {
  readonly row: number;
  /** Numbers of visible keys, and of those that are on. */
  readonly visible: number;
  readonly on: number;
  /** Sum of the values of the row's keys [e], and then the magnitudes of the sums over stretches that the keys are cut into [e]; the row's until the next one. */
  readonly sums: Float64Array;
  /** The most that a sum over a part of a stretch up to the row's last key comes to. */
  readonly within: number;
}

/** Stretches that the keys are cut into, at most, and the least length of one. */
const [STRETCHES, LEAST] = [1024, 64];

/**
 * Sums of the rows of a query head, in the order in which their keys end, by one sweep over the keys with sums per switch, of which a row takes the
 * differences between the ends of its runs. A row's keys from its start to its end are the rest of a stretch, whole stretches and the beginning of one: the
 * magnitude of a rest is at most that of its stretch and that of what precedes it.
 * @param wanted tells of a row whether it is summed.
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

/** Running sums of each switch [switches, e], and what they were where the present stretch began. */
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

  /** Ends a stretch. */
  close(): void {
    const { sums, before, closed } = this;
    for (let x = 0; x < sums.length; x++) {
      closed[x] += Math.abs(sums[x] - before[x]);
      before[x] = sums[x];
    }
  }

  /** Adds a key to the sums of the switches that it is on in. */
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

  /** Adds the sums of a switch to those of a row [2, e] at the end of a run, or takes them away at its start. */
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
