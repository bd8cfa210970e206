import type { ExpectedSlice } from '../../spec/oracle/expected-slice.js';
import type { Problem } from '../../spec/problem.js';
import { allocate } from '../../spec/tensor/dtype.js';
import { sizeOf, type Tensor, type Tensors, tensor } from '../../spec/tensor/tensor.js';
import { comparandsOf } from './comparands.js';
import { compareOutput, worse } from './compare.js';
import { type Comparison, type Mismatch, unravel } from './compared.js';
import { addErrors, noErrors } from './error-sums.js';
import { mergeStatistics, noStatistics } from './statistics.js';

const LARGE = 2 ** 24;

/** True if outputs would take too much memory in float64, and are compared by rows. */
export function isLarge(outputs: Tensors): boolean {
  return Object.values(outputs).some(({ shape }) => sizeOf(shape) >= LARGE);
}

/** Compares outputs some rows at a time. */
export function compareSlices(problem: Problem, slices: Iterable<ExpectedSlice>, outputs: Tensors): Comparison[] {
  const found = new Map<string, Comparison & { worst?: Mismatch }>();
  for (const slice of slices) {
    const { output, rows, width, expected, empty } = slice;
    const actual = outputs[output];
    if (!actual) continue;
    const part = { outputs: { [output]: expected }, empty: empty ?? new Uint8Array(rows.length) };
    const [comparand] = comparandsOf(problem, part, { [output]: rowsOf(actual, rows, width) });
    const own = compareOutput(comparand);
    const all = found.get(output) ?? { output, statistics: noStatistics(), errors: noErrors() };
    mergeStatistics(all.statistics, own.statistics);
    addErrors(all.errors, own.errors);
    all.worst = worse(all.worst, own.worst && { ...own.worst, index: indexOf(own.worst, slice, actual) });
    found.set(output, all);
  }
  return [...found.values()];
}

function rowsOf(t: Tensor, rows: Int32Array, width: number): Tensor {
  const own = allocate(t.dtype, rows.length * width);
  for (let row = 0; row < rows.length; ) {
    let end = row + 1;
    while (end < rows.length && rows[end] === rows[end - 1] + 1) end++;
    const [from, part] = [rows[row] * width, own.subarray(row * width, end * width)];
    if (t.read) t.read(from, part);
    else part.set(t.data.subarray(from, from + part.length));
    row = end;
  }
  return tensor(t.dtype, [rows.length, width], own);
}

function indexOf({ index: [row, x] }: Mismatch, { rows, width }: ExpectedSlice, { shape }: Tensor): number[] {
  return unravel(rows[row] * width + x, shape);
}
