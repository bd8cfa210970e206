import { type BlockSize, type MatrixLoops, matrixLoops, type Panels, type Rows, type Strided } from '../../matrix/loops.js';
import { padded } from '../../matrix/pack.js';
import type { Application } from '../primitive.js';
import { floats } from '../scratch.js';
import { elements, offsets, type ProgramTensor, type Sizes, without } from '../tensor.js';

const BLOCK = { rows: 256, columns: 128, terms: 256 };

/** Smallest sizes at which blocks are faster than plain loops. */
const LEAST = { rows: 4, columns: 4, terms: 4, products: 2 ** 15 };

/** Contraction as a batch of matrix products. Rows are axes of x alone, columns of y alone. */
export interface BlockedContraction {
  readonly loops: MatrixLoops;
  readonly batch: { readonly x: Int32Array; readonly y: Int32Array; readonly out: Int32Array };
  readonly rows: { readonly x: Int32Array; readonly out: Int32Array };
  readonly columns: { readonly y: Int32Array; readonly out: Int32Array };
  readonly terms: { readonly x: Int32Array; readonly y: Int32Array };
}

/** Undefined if plain loops are faster, or WebAssembly is not available. */
export function blockedContraction(
  { axes, out, sizes }: Pick<Application, 'axes' | 'out' | 'sizes'>,
  x: ProgramTensor,
  y: ProgramTensor,
): BlockedContraction | undefined {
  const rows = without(x.axes, [...y.axes, ...axes]);
  const columns = without(y.axes, [...x.axes, ...axes]);
  const [height, width, depth] = [rows, columns, axes].map((list) => elements(list, sizes));
  if (height < LEAST.rows || width < LEAST.columns || depth < LEAST.terms || height * width * depth < LEAST.products) return undefined;
  const loops = matrixLoops();
  return loops && { loops, ...places({ axes, out, sizes }, x, y, rows, columns) };
}

function places(
  { axes, out, sizes }: { axes: readonly string[]; out: { readonly axes: readonly string[] }; sizes: Sizes },
  x: ProgramTensor,
  y: ProgramTensor,
  rows: readonly string[],
  columns: readonly string[],
): Omit<BlockedContraction, 'loops'> {
  const batch = without(out.axes, [...rows, ...columns]);
  return {
    batch: { x: offsets(x.axes, batch, sizes), y: offsets(y.axes, batch, sizes), out: offsets(out.axes, batch, sizes) },
    rows: { x: offsets(x.axes, rows, sizes), out: offsets(out.axes, rows, sizes) },
    columns: { y: offsets(y.axes, columns, sizes), out: offsets(out.axes, columns, sizes) },
    terms: { x: offsets(x.axes, axes, sizes), y: offsets(y.axes, axes, sizes) },
  };
}

/** Computes Σ x·y. */
export function sumsOfProducts(contraction: BlockedContraction, x: Float64Array, y: Float64Array, size: number): Float64Array {
  const { loops } = contraction;
  return inBlocks(contraction, x, y, size, undefined, (block, a, b, _mean, c) => loops.multiply(block, a, b, c));
}

/** Computes Σ x·|y − mean|, with one mean per result element. */
export function sumsOfDistances(contraction: BlockedContraction, x: Float64Array, y: Float64Array, mean: Float64Array): Float64Array {
  const { loops } = contraction;
  return inBlocks(contraction, x, y, mean.length, mean, (block, a, b, at, c) => loops.spread(block, a, b, at, c));
}

type Multiply = (size: BlockSize, a: Strided, b: Panels, mean: number, c: Rows) => void;

function inBlocks(
  { loops, batch, rows, columns, terms }: BlockedContraction,
  x: Float64Array,
  y: Float64Array,
  size: number,
  mean: Float64Array | undefined,
  multiply: Multiply,
): Float64Array {
  const out = floats(size);
  const at = { a: 0, b: BLOCK.rows * BLOCK.terms, mean: 0, c: 0 };
  at.c = at.b + BLOCK.columns * BLOCK.terms;
  at.mean = at.c + BLOCK.rows * BLOCK.columns;
  loops.reserve(at.mean + BLOCK.rows * BLOCK.columns);
  const { numbers } = loops;
  for (let entry = 0; entry < batch.out.length; entry++) {
    for (let i = 0; i < rows.x.length; i += BLOCK.rows) {
      const height = Math.min(BLOCK.rows, rows.x.length - i);
      for (let j = 0; j < columns.y.length; j += BLOCK.columns) {
        const width = Math.min(BLOCK.columns, columns.y.length - j);
        const wide = padded(width);
        const place = { out: batch.out[entry], rows: rows.out.subarray(i, i + height), columns: columns.out.subarray(j, j + width) };
        numbers.fill(0, at.c, at.c + padded(height) * wide);
        if (mean) {
          numbers.fill(0, at.mean, at.mean + padded(height) * wide);
          eachElement(place, wide, (element, of) => {
            numbers[at.mean + of] = mean[element];
          });
        }
        for (let k = 0; k < terms.x.length; k += BLOCK.terms) {
          const depth = Math.min(BLOCK.terms, terms.x.length - k);
          copyRows(numbers, at.a, x, batch.x[entry], rows.x.subarray(i, i + height), terms.x.subarray(k, k + depth));
          copyPanels(numbers, at.b, y, batch.y[entry], columns.y.subarray(j, j + width), terms.y.subarray(k, k + depth));
          multiply(
            { rows: padded(height), columns: wide, terms: depth },
            { at: at.a, row: depth, term: 1 },
            { at: at.b, panel: 4 * depth },
            at.mean,
            { at: at.c, row: wide },
          );
        }
        eachElement(place, wide, (element, of) => {
          out[element] = numbers[at.c + of];
        });
      }
    }
  }
  return out;
}

function eachElement(
  { out, rows, columns }: { out: number; rows: Int32Array; columns: Int32Array },
  width: number,
  visit: (element: number, place: number) => void,
): void {
  for (let i = 0; i < rows.length; i++) for (let j = 0; j < columns.length; j++) visit(out + rows[i] + columns[j], i * width + j);
}

function copyRows(numbers: Float64Array, at: number, data: Float64Array, from: number, rows: Int32Array, terms: Int32Array): void {
  const depth = terms.length;
  for (let i = 0; i < rows.length; i++) {
    const row = from + rows[i];
    for (let k = 0; k < depth; k++) numbers[at + i * depth + k] = data[row + terms[k]];
  }
  numbers.fill(0, at + rows.length * depth, at + padded(rows.length) * depth);
}

function copyPanels(numbers: Float64Array, at: number, data: Float64Array, from: number, columns: Int32Array, terms: Int32Array): void {
  const depth = terms.length;
  if (columns.length % 4) numbers.fill(0, at + (columns.length & ~3) * depth, at + padded(columns.length) * depth);
  for (let j = 0; j < columns.length; j++) {
    const column = from + columns[j];
    const panel = at + (j >> 2) * 4 * depth + (j & 3);
    for (let k = 0; k < depth; k++) numbers[panel + 4 * k] = data[column + terms[k]];
  }
}
