import { chainError, gamma, type NumericProfile, probabilityStore } from '../../numeric/profile.js';
import type { Counts, Problem } from '../../problem.js';
import { type ExpectedSlice, PlacedRows } from '../expected-slice.js';
import { OTHERS } from '../focus.js';
import { ForwardSlice } from '../forward-outputs.js';
import { mergeError } from '../merge-error.js';
import type { RowFilter } from '../softmax-forward.js';
import { type CountedRow, countedSums } from './counted-sums.js';

/** Most parts of a row's keys, as in split-KV kernels. */
const PARTS = 128;

/** Error of the log of an exact number, in a: for LSE and for 1; twice, for undeclared merges. */
const [LSE, ONE] = [20, 8];

/**
 * o and lse of a counting problem, in slices, in linear time for any mask. Weights are exactly 1 or
 * below `exp(offScore)`, and sums exact: no bound grows with the number of keys.
 */
export function* countedForward(problem: Counted, rows?: RowFilter): Generator<ExpectedSlice> {
  const { counts, mask } = problem;
  const { b, e } = problem.case.dims;
  const { heads, m } = mask;
  const placed = new PlacedRows(() => new ForwardSlice(problem));
  for (let head = 0; head < b * heads; head++) {
    const [batch, h] = [Math.floor(head / heads), head % heads];
    const wanted = (i: number) => problem.rows?.[head * m + i] !== 0 && (rows === undefined || rows(batch, h, i));
    for (const counted of countedSums(mask, counts, batch, h, e, wanted)) {
      const at = yield* placed.add(head * m + counted.row);
      if (counted.visible === 0) placed.slice.setEmpty(at);
      else {
        const row = new RowOfMeans(problem, placed.slice, at, counted);
        if (counted.on === 0) row.writeAllOff(batch, h);
        else row.writeMean();
      }
    }
  }
  yield* placed.slice.slices();
}

type Counted = Problem & { readonly counts: Counts };

/** Largest magnitude of a value: eight eighths, or two halves. */
const LARGEST = 1;

class RowOfMeans {
  constructor(
    private readonly problem: Counted,
    private readonly outputs: ForwardSlice,
    private readonly at: number,
    private readonly counted: CountedRow,
  ) {}

  writeMean(): void {
    const { counts, numeric } = this.problem;
    const { visible, on, within } = this.counted;
    const { step, offScore } = counts;
    const { a } = numeric;
    const log = Math.log(on);
    const others = (OTHERS * (visible - on) * Math.exp(offScore)) / on;
    const cuts = 2 * Math.min(PARTS, visible) * within;
    const ranks = ofRanks(this.problem, log, on, visible);
    this.writeRow(step / on, step / on, cuts, {
      own: 4 * a + others,
      parts: mergeShare(a, log),
      largest: dividedFirst(numeric, visible) + others + ranks.o,
    });
    this.writeLse(log, (LSE * log + ONE) * a + others + ranks.lse);
  }

  /** Writes the mean of a row whose few keys are all off, with weights of almost 1. */
  writeAllOff(b: number, h: number): void {
    const { counts, mask, numeric, case: c } = this.problem;
    const { row, visible, sums } = this.counted;
    const { e } = c.dims;
    const { a } = numeric;
    const runs = new Int32Array(mask.n + 2);
    const from = counts.keyHead[b * mask.heads + h] * mask.n;
    sums.fill(0);
    for (let run = mask.runs(b, h, row, runs) - 1; run >= 0; run--)
      for (let j = runs[2 * run]; j < runs[2 * run + 1]; j++) for (let x = 0; x < e; x++) sums[x] += counts.steps[(from + j) * e + x];
    const size = Math.abs(counts.offScore);
    const log = counts.offScore + Math.log(visible);
    const stored = numeric.scoresStored || numeric.prescaledQ ? 2 * numeric.u : 0;
    const narrow = numeric.probabilitiesStored ? probabilityStore(numeric).u : 0;
    const own = 4 * a + gamma(2 * visible + 8, a);
    this.writeRow(counts.step / visible, 0, 0, { own: own + narrow, parts: 0, largest: own + mergeShare(a, log) });
    this.writeLse(
      log,
      (gamma(c.dims.d, a) + stored + 8 * a) * size + (LSE * (size + Math.log(visible)) + ONE) * a + gamma(2 * visible + 8, a),
    );
  }

  private writeLse(value: number, bound: number): void {
    const { lse } = this.outputs;
    lse.value[this.at] = value;
    lse.bound[this.at] = bound;
  }

  /** Converts sums to means and magnitudes to bounds. @param cuts most that cut stretches add. */
  private writeRow(factor: number, ofParts: number, cuts: number, { own, parts, largest }: Factors): void {
    const { value, bound } = this.outputs.o;
    const { sums, visible } = this.counted;
    const { e } = this.problem.case.dims;
    const tiny = (visible + 8) * this.problem.numeric.t;
    for (let x = 0, to = this.at * e; x < e; x++, to++) {
      value[to] = sums[x] * factor;
      bound[to] = own * Math.abs(value[to]) + parts * Math.min(LARGEST, (sums[e + x] + cuts) * ofParts) + largest * LARGEST + tiny;
    }
  }
}

interface Factors {
  readonly own: number;
  readonly parts: number;
  readonly largest: number;
}

/** Error factor of merging parts: two LSEs and an exponential per weight. */
export function mergeShare(a: number, lse: number): number {
  return (6 + 3 * Math.log(PARTS) + 9 * Math.abs(lse)) * a + gamma(PARTS + 8, a);
}

/** Loss of merging parts, as between ranks; by the size of V, as parts may not be contiguous. */
function ofRanks({ numeric, counts }: Counted, log: number, on: number, visible: number): RankErrors {
  if (numeric.parts === 1) return { o: 0, lse: 0 };
  const range = () => Math.log(visible + 1) - counts.offScore;
  const merge = mergeError({ numeric, lse: log, tiles: Math.ceil(visible / numeric.tile), range });
  const { apart, size } = merge?.difference ?? { apart: 0, size: 0 };
  const merged = merge ? merge.part(1 / on) + merge.shared + 2 * LARGEST * apart + size : 0;
  return { o: numeric.u * (1 + numeric.u) + mergeShare(numeric.a, log) + merged + numeric.parts * numeric.w, lse: merge?.lse ?? 0 };
}

interface RankErrors {
  readonly o: number;
  readonly lse: number;
}

/** Loss of products and sums if weights are divided first, as they are then no whole steps. */
function dividedFirst(numeric: NumericProfile, keys: number): number {
  if (numeric.divides === 'last') return 0;
  return chainError(numeric, keys) + (numeric.probabilitiesStored ? probabilityStore(numeric).u : 0);
}
