import { largest } from '../focus.js';
import type { Problem } from '../problem.js';
import { runEnds } from '../run-ends.js';
import type { Codebook } from './codebook.js';

/** Called for a row at the end of a run, with 1, and at its start, with −1: what lies between is the difference. */
export type Visit = (row: number, sign: number, sums: ClassSums) => void;

/** Relative error of a weighted sum over the classes in float64, and of what is left of two of them: of sums over all keys, not of what is left. */
export const OWN = 2 ** -50;

/** Result of a sweep over all rows. */
export interface Swept {
  /** Number of visible keys of each row. */
  readonly visible: Int32Array;
  /** Largest magnitude of a class's sums over all keys, times the classes. */
  readonly most: number;
}

/** Sums over the keys before one place, by class: their number, their values and the magnitudes of these [class, e]. */
export interface ClassSums {
  readonly count: Int32Array;
  readonly values: Float64Array;
  readonly sizes: Float64Array;
}

/**
 * One sweep over the keys of a query head with sums by class, which shows them to every row at the ends of its runs. Values are multiples of 1/128: the sums
 * are exact.
 * @param wanted tells of a row whether it is visited.
 */
export function sweepClasses(
  { codebook, inputs, mask, case: c }: Problem & { readonly codebook: Codebook },
  b: number,
  h: number,
  visit: Visit,
  wanted?: (i: number) => boolean,
): Swept {
  const { classes, ofKey } = codebook;
  const { e } = c.dims;
  const { n } = mask;
  const { first, entries, visible } = runEnds(mask, b, h, wanted);
  const from = codebook.keyHead[b * mask.heads + h] * n;
  const v = inputs.v.data;
  const sums = { count: new Int32Array(classes), values: new Float64Array(classes * e), sizes: new Float64Array(classes * e) };
  const { values, sizes } = sums;
  for (let j = 0; j <= n; j++) {
    for (let x = first[j]; x < first[j + 1]; x++) visit(entries[x] >> 1, 2 * (entries[x] & 1) - 1, sums);
    if (j === n) break;
    const own = ofKey[from + j];
    sums.count[own]++;
    const [at, to] = [(from + j) * e, own * e];
    for (let x = 0; x < e; x++) {
      const value = v[at + x];
      values[to + x] += value;
      sizes[to + x] += Math.abs(value);
    }
  }
  return { visible, most: classes * largest(sizes) };
}
