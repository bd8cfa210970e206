import { chainError, gamma, type NumericProfile, probabilityStore } from '../../numeric/profile.js';
import type { Counts } from '../counts.js';
import { OTHERS } from '../focus.js';
import { mergeError } from '../merge-error.js';
import type { Expectation, Expected, Problem } from '../problem.js';
import { forwardExpectation, leaveRow, type RowFilter, writeEmptyRow, zeroOutputs } from '../softmax-forward.js';
import { countedSums } from './counted-sums.js';

/** Most parts that a kernel cuts a row's keys into: split-KV kernels stop here. */
const PARTS = 128;

/** Times a: the error of the logarithm of an exact number, for LSE and for 1; twice that where partial results are merged, which nobody declares. */
const [LSE, ONE] = [20, 8];

/**
 * Outputs o and lse of a problem whose rows count: each element in time that grows with the keys, whatever the mask shows. Weights are exactly 1, or less
 * than `exp(offScore)`; sums over them are exact in every order, so that no bound grows with the number of keys.
 */
export function countedForward(problem: Problem & { readonly counts: Counts }, rows?: RowFilter): Expectation {
  const { counts, mask } = problem;
  const { b, e } = problem.case.dims;
  const { heads, m } = mask;
  const outputs = zeroOutputs(problem);
  const { o, lse, empty } = outputs;
  for (let head = 0; head < b * heads; head++) {
    const [batch, h] = [Math.floor(head / heads), head % heads];
    const wanted = (i: number) => problem.rows?.[head * m + i] !== 0 && (rows === undefined || rows(batch, h, i));
    const part = (values: Float64Array) => values.subarray(head * m * e, (head + 1) * m * e);
    const { visible, on, within } = countedSums(mask, counts, batch, h, part(o.value), part(o.bound), wanted);
    for (let i = 0; i < m; i++) {
      const at = head * m + i;
      if (!wanted(i)) leaveRow(outputs, at, e);
      else if (visible[i] === 0) {
        empty[at] = 1;
        writeEmptyRow(problem.dialect, outputs, at, e);
      } else {
        const row = new CountedRow(problem, o, lse, at);
        if (on[i] === 0) row.writeAllOff(batch, h, i, visible[i]);
        else row.writeMean(visible[i], on[i], within);
      }
    }
  }
  return forwardExpectation(problem, outputs);
}

/** Largest magnitude of a value: eight eighths, or two halves. */
const LARGEST = 1;

/** A row of outputs, whose sums and magnitudes of parts are there, in steps. */
class CountedRow {
  private readonly e: number;

  constructor(
    private readonly problem: Problem & { readonly counts: Counts },
    private readonly o: Expected,
    private readonly lse: Expected,
    private readonly row: number,
  ) {
    this.e = problem.case.dims.e;
  }

  /** The mean of the keys that are on. */
  writeMean(visible: number, on: number, within: number): void {
    const { counts, numeric } = this.problem;
    const { step, offScore } = counts;
    const { a } = numeric;
    const log = Math.log(on);
    const others = (OTHERS * (visible - on) * Math.exp(offScore)) / on;
    const cuts = 2 * Math.min(PARTS, visible) * within;
    const ranks = ofRanks(this.problem, log, on, visible);
    const factors: Factors = { own: 4 * a + others, parts: mergeShare(a, log), largest: dividedFirst(numeric, visible) + others + ranks.o };
    this.writeRow(step / on, step / on, cuts, factors, visible);
    this.lse.value[this.row] = log;
    this.lse.bound[this.row] = (LSE * log + ONE) * a + others + ranks.lse;
  }

  /** The mean of the few keys of a row that sees none that is on. Their scores are alike, far below 0, and so are their weights, but not exactly 1. */
  writeAllOff(b: number, h: number, i: number, visible: number): void {
    const { counts, mask, numeric, case: c } = this.problem;
    const { e } = this;
    const { a } = numeric;
    const runs = new Int32Array(mask.n + 2);
    const from = counts.keyHead[b * mask.heads + h] * mask.n;
    const sums = this.o.value.subarray(this.row * e, (this.row + 1) * e).fill(0);
    for (let run = mask.runs(b, h, i, runs) - 1; run >= 0; run--)
      for (let j = runs[2 * run]; j < runs[2 * run + 1]; j++) for (let x = 0; x < e; x++) sums[x] += counts.steps[(from + j) * e + x];
    const size = Math.abs(counts.offScore);
    const log = counts.offScore + Math.log(visible);
    const stored = numeric.scoresStored || numeric.prescaledQ ? 2 * numeric.u : 0;
    const narrow = numeric.probabilitiesStored ? probabilityStore(numeric).u : 0;
    const own = 4 * a + gamma(2 * visible + 8, a);
    this.writeRow(counts.step / visible, 0, 0, { own: own + narrow, parts: 0, largest: own + mergeShare(a, log) }, visible);
    this.lse.value[this.row] = log;
    this.lse.bound[this.row] =
      (gamma(c.dims.d, a) + stored + 8 * a) * size + (LSE * (size + Math.log(visible)) + ONE) * a + gamma(2 * visible + 8, a);
  }

  /** Turns sums into means and magnitudes into bounds. @param cuts magnitude of what parts that do not end with a stretch may add. */
  private writeRow(factor: number, ofParts: number, cuts: number, { own, parts, largest }: Factors, visible: number): void {
    const { value, bound } = this.o;
    const tiny = (visible + 8) * this.problem.numeric.t;
    for (let x = this.row * this.e; x < (this.row + 1) * this.e; x++) {
      value[x] *= factor;
      bound[x] = own * Math.abs(value[x]) + parts * Math.min(LARGEST, (bound[x] + cuts) * ofParts) + largest * LARGEST + tiny;
    }
  }
}

/** Shares of an output's bound: of its own size, of that of its parts, and of that of the largest value. */
interface Factors {
  readonly own: number;
  readonly parts: number;
  readonly largest: number;
}

/** Share of a bound that goes with the size of what is merged from parts: the weight of each has the errors of two LSEs and of an exponential. */
export function mergeShare(a: number, lse: number): number {
  return (6 + 3 * Math.log(PARTS) + 9 * Math.abs(lse)) * a + gamma(PARTS + 8, a);
}

/**
 * Loss where results over parts of the keys are stored and merged, as between the ranks of a scheme: beside the LSE by the size of the values, as the
 * parts need not be stretches of keys.
 */
function ofRanks({ numeric, counts }: Problem & { readonly counts: Counts }, log: number, on: number, visible: number): RankErrors {
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

/**
 * What products and sums lose, by the size of the values, where weights may be divided by their sum before: the products are no longer whole steps then.
 */
function dividedFirst(numeric: NumericProfile, keys: number): number {
  if (numeric.divides === 'last') return 0;
  return chainError(numeric, keys) + (numeric.probabilitiesStored ? probabilityStore(numeric).u : 0);
}
