import type { Codebook, Problem } from '../../problem.js';
import { KeptRows } from '../../tensor/tensor-rows.js';

/** Float64 error of sums over classes and their differences, relative to sums over all keys. */
export const OWN = 2 ** -50;

/** Sums over the first keys of a query head by class; exact, as values are multiples of 1/128. */
export class ClassSums {
  readonly count: Int32Array;
  /** Sums of values [class, e], and of their magnitudes. */
  readonly values: Float64Array;
  readonly sizes: Float64Array;
  private largest = 0;
  private readonly e: number;
  private readonly first: number;
  private readonly v: KeptRows;

  constructor(
    private readonly problem: Problem & { readonly codebook: Codebook },
    head: number,
  ) {
    const { codebook, case: c, inputs, mask } = problem;
    const { e } = c.dims;
    this.e = e;
    this.count = new Int32Array(codebook.classes);
    this.values = new Float64Array(codebook.classes * e);
    this.sizes = new Float64Array(codebook.classes * e);
    this.first = codebook.keyHead[head] * mask.n;
    this.v = new KeptRows(inputs.v, e);
  }

  get most(): number {
    return this.problem.codebook.classes * this.largest;
  }

  add(j: number): void {
    const { e, v, values, sizes } = this;
    const own = this.problem.codebook.ofKey[this.first + j];
    this.count[own]++;
    const at = v.at(this.first + j);
    const { data } = v;
    const to = own * e;
    let most = this.largest;
    for (let x = 0; x < e; x++) {
      const value = data[at + x];
      values[to + x] += value;
      const size = sizes[to + x] + Math.abs(value);
      sizes[to + x] = size;
      if (size > most) most = size;
    }
    this.largest = most;
  }
}
