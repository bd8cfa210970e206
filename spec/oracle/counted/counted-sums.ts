import type { CompiledMask } from '../../mask/compile/compiled-mask.js';
import type { Counts } from '../counts.js';
import { runEnds } from '../run-ends.js';

/** Sums of a row over the visible keys that are on in its switch, in steps of V. */
export interface CountedRows {
  readonly visible: Int32Array;
  readonly on: Int32Array;
  /** Sum of the values of each row's keys, and of the magnitudes of the sums over stretches that the keys are cut into: both [rows, e], written to. */
  readonly sums: Float64Array;
  readonly parts: Float64Array;
  /** The most that a sum over a part of a stretch comes to. */
  readonly within: number;
}

/** Stretches that the keys are cut into, at most, and the least length of one. */
const [STRETCHES, LEAST] = [1024, 64];

/**
 * Sums of the rows of a query head, by one sweep over the keys with sums per switch, of which a row takes the differences between
 * the ends of its runs. A row's keys from its start to its end are the rest of a stretch, whole stretches and the beginning of one: the magnitude of a rest
 * is at most that of its stretch and that of what precedes it.
 * @param sums zeros, as are `parts`. @param wanted tells of a row whether it is summed.
 */
export function countedSums(
  mask: CompiledMask,
  counts: Counts,
  b: number,
  h: number,
  sums: Float64Array,
  parts: Float64Array,
  wanted?: (i: number) => boolean,
): CountedRows {
  const { m, n } = mask;
  const { switches } = counts;
  const e = sums.length / m;
  const { first, entries, visible } = runEnds(mask, b, h, wanted);
  const head = counts.keyHead[b * mask.heads + h];
  const switchOf = counts.ofRow.subarray((b * mask.heads + h) * m, (b * mask.heads + h + 1) * m);
  const on = new Int32Array(m);
  const stretches = new Stretches(switches, e);
  const length = LEAST * Math.max(1, Math.ceil(n / STRETCHES / LEAST));
  for (let j = 0; j <= n; j++) {
    if (j % length === 0) stretches.close();
    for (let x = first[j]; x < first[j + 1]; x++) {
      const row = entries[x] >> 1;
      const sign = 2 * (entries[x] & 1) - 1;
      const own = switchOf[row];
      on[row] += sign * stretches.count[own];
      stretches.addTo(own, sign, sums, parts, row * e);
    }
    if (j < n) stretches.add(counts.on[head * n + j], counts.steps, (head * n + j) * e);
  }
  return { visible, on, sums, parts, within: stretches.within };
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

  /** Adds the sums of a switch to those of a row at the end of a run, or takes them away at its start. */
  addTo(own: number, sign: number, rows: Float64Array, parts: Float64Array, to: number): void {
    const { e, sums, before, closed } = this;
    const at = own * e;
    for (let x = 0; x < e; x++) {
      const sum = sums[at + x];
      rows[to + x] += sign * sum;
      parts[to + x] += sign * closed[at + x] + Math.abs(sum - before[at + x]);
    }
  }
}
