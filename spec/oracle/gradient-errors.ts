import { gamma } from '../numeric/profile.js';
import type { Problem } from '../problem.js';
import { countByKeyHead } from './active-rows.js';
import type { FocusErrors } from './focus-errors.js';
import type { Gradients } from './gradient-slice.js';
import { addTiny } from './softmax-forward.js';
import type { SoftmaxRow } from './softmax-row.js';

/** Errors of the sums over rows and keys that gradients are, and of their stores (NUMERICS, "Backward"). */
export class GradientErrors {
  /** Number of active rows of each key head [b, hk]. */
  private readonly activeRows: Int32Array;

  /** @param active 1 for each row [b, hk·g, m] that has a cotangent. @param others errors by keys that a focus leaves out. */
  constructor(
    private readonly problem: Problem,
    private readonly row: SoftmaxRow,
    active: Uint8Array,
    private readonly others: FocusErrors | undefined,
  ) {
    const { b, hk } = problem.case.dims;
    this.activeRows = countByKeyHead(active, row, b, hk);
  }

  /**
   * Number of stored partial sums of a sum over `terms` terms in tiles; 0 if partial sums are not stored.
   * @param most upper limit: the number of terms that are not zero, since a partial sum of zeros is exact.
   */
  private partialBlocks(terms: number, most = terms): number {
    const { partialsStored, tile } = this.problem.numeric;
    return partialsStored ? Math.min(Math.ceil(terms / tile), most) : 0;
  }

  /** Error of the stored partial sums and parts of a sum, relative to the magnitudes of its terms. */
  private partialError(terms: number, most = terms): number {
    const { parts, u, a } = this.problem.numeric;
    // a part's gradients are stored once, and added up in the accumulator
    return this.partialBlocks(terms, most) * u + (parts > 1 ? u + gamma(parts, a) : 0);
  }

  /** Number of terms in a sum over queries: every query of every head that shares the key, plus one per head. */
  private allRowsPerKey(): number {
    return this.row.m * this.problem.case.dims.g + this.problem.case.dims.g;
  }

  /** Number of those terms that are not an exact zero, nor outside their row's focus. @param at index of a row in whose focus the key is. */
  private rowsPerKey(b: number, h: number, at: number): number {
    const rows = this.others?.rowsOf(b, h, at) ?? this.activeRows[b * this.row.keyHeads + this.row.keyHead(h)];
    return rows + this.problem.case.dims.g;
  }

  /** Relative error of a sum over the rows that use a key. @param at index of one of them. */
  ofRows(b: number, h: number, at: number): number {
    const { a, tf32 } = this.problem.numeric;
    const rows = this.rowsPerKey(b, h, at);
    return gamma(rows, a) + (tf32 ? 2 ** -9 : 0) + this.partialError(this.allRowsPerKey(), rows);
  }

  /** Relative error of a sum over the keys of a row. */
  ofKeys(row: SoftmaxRow): number {
    const { a, tf32 } = this.problem.numeric;
    return gamma(row.count, a) + (tf32 ? 2 ** -9 : 0) + this.partialError(row.n, this.others ? row.tiles : row.n);
  }

  /** Adds the absolute error near zero of stored partial sums. */
  addPartialStores(gradients: Gradients): void {
    const rows = this.partialBlocks(this.allRowsPerKey());
    const blocks = [this.partialBlocks(this.row.n), rows, rows];
    Object.values(gradients).forEach((gradient, i) => {
      addTiny(gradient, blocks[i] * this.problem.numeric.w);
    });
  }

  /** Adds the absolute error near zero of the stored gradients of parts. Each part stores them after multiplication by the scale. */
  addPartStores(gradients: Gradients): void {
    const { parts, w } = this.problem.numeric;
    if (parts > 1) for (const gradient of Object.values(gradients)) addTiny(gradient, parts * w);
  }
}
