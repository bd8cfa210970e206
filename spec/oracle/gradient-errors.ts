import { gamma } from '../numeric/profile.js';
import type { Problem } from '../problem.js';
import { countByKeyHead } from './active-rows.js';
import type { FocusErrors } from './focus-errors.js';
import type { Gradients } from './gradient-slice.js';
import { addTiny } from './softmax-forward.js';
import type { SoftmaxRow } from './softmax-row.js';

/** Errors of the sums in gradients, and of their stores (NUMERICS, "Backward"). */
export class GradientErrors {
  private readonly activeRows: Int32Array;

  constructor(
    private readonly problem: Problem,
    private readonly row: SoftmaxRow,
    active: Uint8Array,
    private readonly others: FocusErrors | undefined,
  ) {
    const { b, hk } = problem.case.dims;
    this.activeRows = countByKeyHead(active, row, b, hk);
  }

  /** Number of stored partial sums of `terms` terms. @param most nonzero terms. */
  private partialBlocks(terms: number, most = terms): number {
    const { partialsStored, tile } = this.problem.numeric;
    return partialsStored ? Math.min(Math.ceil(terms / tile), most) : 0;
  }

  /** Error of stored partial sums and parts, relative to the terms' magnitudes. */
  private partialError(terms: number, most = terms): number {
    const { parts, u, a } = this.problem.numeric;
    // a part's gradients are stored once, and added up in the accumulator
    return this.partialBlocks(terms, most) * u + (parts > 1 ? u + gamma(parts, a) : 0);
  }

  /** Terms of a sum over queries: every query of every head of the key, plus one per head. */
  private allRowsPerKey(): number {
    return this.row.m * this.problem.case.dims.g + this.problem.case.dims.g;
  }

  private rowsPerKey(b: number, h: number, at: number): number {
    const rows = this.others?.rowsOf(b, h, at) ?? this.activeRows[b * this.row.keyHeads + this.row.keyHead(h)];
    return rows + this.problem.case.dims.g;
  }

  ofRows(b: number, h: number, at: number): number {
    const { a, tf32 } = this.problem.numeric;
    const rows = this.rowsPerKey(b, h, at);
    return gamma(rows, a) + (tf32 ? 2 ** -9 : 0) + this.partialError(this.allRowsPerKey(), rows);
  }

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

  /** Adds the absolute error near zero of the parts' gradients, stored after the scale. */
  addPartStores(gradients: Gradients): void {
    const { parts, w } = this.problem.numeric;
    if (parts > 1) for (const gradient of Object.values(gradients)) addTiny(gradient, parts * w);
  }
}
