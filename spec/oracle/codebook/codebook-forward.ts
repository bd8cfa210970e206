import { operandCut } from '../../numeric/operand-loss.js';
import { probabilityStore } from '../../numeric/profile.js';
import type { Codebook, Problem } from '../../problem.js';
import { type ExpectedSlice, PlacedRows } from '../expected-slice.js';
import { ForwardSlice } from '../forward-outputs.js';
import { OpenRows, runEnds, sweepRows } from '../run-ends.js';
import type { RowFilter } from '../softmax-forward.js';
import { type ClassScores, classScores } from './class-scores.js';
import { ClassSums, OWN } from './class-sums.js';
import { rowErrors } from './codebook-row.js';

/** o and lse of a problem with classes, in slices; time grows with the keys, for any mask. */
export function* codebookForward(problem: Problem & { readonly codebook: Codebook }, rows?: RowFilter): Generator<ExpectedSlice> {
  const { mask, case: c } = problem;
  const { heads, m } = mask;
  const placed = new PlacedRows(() => new ForwardSlice(problem));
  for (let head = 0; head < c.dims.b * heads; head++) {
    const [batch, h] = [Math.floor(head / heads), head % heads];
    const wanted = (i: number) => problem.rows?.[head * m + i] !== 0 && (rows === undefined || rows(batch, h, i));
    const sums = new ClassSums(problem, head);
    const weighted = new WeightedSums(problem, head, sums);
    const ends = runEnds(mask, batch, h, wanted);
    for (const i of sweepRows(ends, { visit: (row, sign) => weighted.add(row, sign), add: (j) => sums.add(j) })) {
      const place = yield* placed.add(head * m + i);
      if (ends.visible[i] === 0) placed.slice.setEmpty(place);
      else weighted.finish(i, ends.visible[i], placed.slice, place);
    }
  }
  yield* placed.slice.slices();
}

/** Σ weight · v, Σ weight · |v| and key counts by class of a head's rows: [e, e, class]. */
class WeightedSums {
  private readonly scores: ClassScores;
  private readonly open: OpenRows;
  private readonly e: number;
  private readonly first: number;

  constructor(
    private readonly problem: Problem & { readonly codebook: Codebook },
    head: number,
    private readonly sums: ClassSums,
  ) {
    const { case: c, codebook, mask } = problem;
    this.scores = classScores(problem, head);
    this.e = c.dims.e;
    this.first = head * mask.m;
    // counts of keys, as differences of weight sums would lose the digits of small weights
    this.open = new OpenRows(mask.m, 2 * this.e + codebook.classes);
  }

  add(row: number, sign: number): void {
    const { e, sums, scores } = this;
    const { classes, ofRow } = this.problem.codebook;
    const own = this.open.of(row);
    const weights = ofRow[this.first + row] * classes;
    for (let c = 0; c < classes; c++) {
      const count = sums.count[c];
      if (count === 0) continue;
      const w = sign * scores.weight[weights + c];
      own[2 * e + c] += sign * count;
      const at = c * e;
      for (let x = 0; x < e; x++) {
        own[x] += w * sums.values[at + x];
        own[e + x] += w * sums.sizes[at + x];
      }
    }
  }

  finish(row: number, visible: number, { o, lse }: ForwardSlice, place: number): void {
    const { e, scores, problem, open } = this;
    const { numeric, codebook } = problem;
    const own = codebook.ofRow[this.first + row];
    const { classes } = codebook;
    const ofRow = open.of(row);
    let total = 0;
    for (let c = 0; c < classes; c++) total += scores.weight[own * classes + c] * ofRow[2 * e + c];
    const [largest, size, relative] = [scores.largest[own], scores.size[own], scores.relative[own]];
    const errors = rowErrors(numeric, { total, visible, classes, largest, size, relative });
    const lost = (numeric.probabilitiesStored ? 2 * probabilityStore(numeric).w : 2 * numeric.w) + operandCut(numeric);
    const drift = (OWN * this.sums.most) / total;
    for (let x = 0, to = place * e; x < e; x++, to++) {
      const value = ofRow[x] / total;
      const sizes = Math.max(0, ofRow[e + x]) / total;
      o.value[to] = value;
      o.bound[to] = errors.values * sizes + errors.output * Math.abs(value) + visible * (numeric.t + lost * LARGEST) + drift;
    }
    lse.value[place] = errors.lse;
    lse.bound[place] = errors.lseBound;
    open.end(row);
  }
}

const LARGEST = 4;
