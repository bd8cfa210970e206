import { operandCut } from '../../numeric/operand-loss.js';
import { probabilityStore } from '../../numeric/profile.js';
import type { Expectation, Expected, Problem } from '../problem.js';
import { forwardExpectation, leaveRow, type RowFilter, writeEmptyRow, zeroOutputs } from '../softmax-forward.js';
import { type ClassScores, classScores } from './class-scores.js';
import { type ClassSums, OWN, sweepClasses } from './class-sums.js';
import type { Codebook } from './codebook.js';
import { rowErrors } from './codebook-row.js';

/** Outputs o and lse of a problem whose queries and keys have classes, in time that grows with the keys, whatever the mask shows. */
export function codebookForward(problem: Problem & { readonly codebook: Codebook }, rows?: RowFilter): Expectation {
  const { mask, dialect } = problem;
  const { b, e } = problem.case.dims;
  const { heads, m } = mask;
  const outputs = zeroOutputs(problem);
  const { o, lse, empty } = outputs;
  for (let head = 0; head < b * heads; head++) {
    const [batch, h] = [Math.floor(head / heads), head % heads];
    const wanted = (i: number) => problem.rows?.[head * m + i] !== 0 && (rows === undefined || rows(batch, h, i));
    const scores = classScores(problem, head);
    const sums = new WeightedSums(problem, scores, head, o);
    const { visible, most } = sweepClasses(problem, batch, h, (row, sign, at) => sums.add(row, sign, at), wanted);
    for (let i = 0; i < m; i++) {
      const row = head * m + i;
      if (!wanted(i)) leaveRow(outputs, row, e);
      else if (visible[i] === 0) {
        empty[row] = 1;
        writeEmptyRow(dialect, outputs, row, e);
      } else [lse.value[row], lse.bound[row]] = sums.finish(i, visible[i], OWN * most);
    }
  }
  return forwardExpectation(problem, outputs);
}

/** Σ weight · v of a query head's rows in the values of o, and Σ weight · |v| in its bounds. */
class WeightedSums {
  /** Visible keys of each row and class: differences of sums of weights would have lost the digits of a row that weighs little. */
  private readonly counts: Int32Array;
  private readonly e: number;
  private readonly first: number;

  constructor(
    private readonly problem: Problem & { readonly codebook: Codebook },
    private readonly scores: ClassScores,
    head: number,
    private readonly o: Expected,
  ) {
    this.e = problem.case.dims.e;
    this.first = head * problem.mask.m;
    this.counts = new Int32Array(problem.mask.m * problem.codebook.classes);
  }

  add(row: number, sign: number, { count, values, sizes }: ClassSums): void {
    const { e } = this;
    const { classes, ofRow } = this.problem.codebook;
    const { value, bound } = this.o;
    const weights = ofRow[this.first + row] * classes;
    const to = (this.first + row) * e;
    for (let c = 0; c < classes; c++) {
      if (count[c] === 0) continue;
      const w = sign * this.scores.weight[weights + c];
      this.counts[row * classes + c] += sign * count[c];
      const at = c * e;
      for (let x = 0; x < e; x++) {
        value[to + x] += w * values[at + x];
        bound[to + x] += w * sizes[at + x];
      }
    }
  }

  /** Divides a row's sums by its total, and makes bounds of them. @param drift absolute error of the sums. @returns the LSE and its bound. */
  finish(row: number, visible: number, drift: number): readonly [number, number] {
    const { e, scores, problem } = this;
    const { numeric, codebook } = problem;
    const own = codebook.ofRow[this.first + row];
    const { classes } = codebook;
    let total = 0;
    for (let c = 0; c < classes; c++) total += scores.weight[own * classes + c] * this.counts[row * classes + c];
    const [largest, size, relative] = [scores.largest[own], scores.size[own], scores.relative[own]];
    const errors = rowErrors(numeric, { total, visible, classes, largest, size, relative });
    const lost = (numeric.probabilitiesStored ? 2 * probabilityStore(numeric).w : 2 * numeric.w) + operandCut(numeric);
    const { value, bound } = this.o;
    for (let x = (this.first + row) * e; x < (this.first + row + 1) * e; x++) {
      value[x] /= total;
      const sizes = Math.max(0, bound[x]) / total;
      bound[x] = errors.values * sizes + errors.output * Math.abs(value[x]) + visible * (numeric.t + lost * LARGEST) + drift / total;
    }
    return [errors.lse, errors.lseBound];
  }
}

/** Largest magnitude of a value. */
const LARGEST = 4;
