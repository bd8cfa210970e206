import type { DType, TensorData } from '../../../../spec/tensor/dtype.js';
import { decodeTable } from '../../../../spec/tensor/float-bits.js';
import { isContiguous, sizeOf, type Tensor } from '../../../../spec/tensor/tensor.js';
import type { Layout } from '../../../../spec/types/documents.js';
import type { Numbers } from '../arithmetic/arithmetic.js';
import { orderOf } from './layout.js';

/** Reads a rank-4 tensor into contiguous bhld order; lower ranks keep their order. */
export function load(t: Tensor, layout: Layout = 'bhld'): Numbers {
  if (layout === 'bhld' && (t.dtype === 'f32' || t.dtype === 'f64') && isContiguous(t)) {
    return new Float64Array(t.data.subarray(t.offset, t.offset + sizeOf(t.shape)));
  }
  const order = t.shape.length === 4 ? orderOf(layout) : t.shape.map((_, axis) => axis);
  const lead = 4 - order.length;
  const size = (axis: number) => (axis < lead ? 1 : t.shape[order[axis - lead]]);
  const stride = (axis: number) => (axis < lead ? 0 : t.strides[order[axis - lead]]);
  const out = new Float64Array(size(0) * size(1) * size(2) * size(3));
  const [rows, columns, rowStride, columnStride] = [size(2), size(3), stride(2), stride(3)];
  const table = t.dtype === 'f16' || t.dtype === 'bf16' ? decodeTable(t.dtype as DType) : undefined;
  let at = 0;
  for (let a = 0; a < size(0); a++) {
    for (let b = 0; b < size(1); b++) {
      const from = t.offset + a * stride(0) + b * stride(1);
      if (table) decodeBlock(t.data, from, rows, rowStride, columns, columnStride, table, out, at);
      else copyBlock(t.data, from, rows, rowStride, columns, columnStride, out, at);
      at += rows * columns;
    }
  }
  return out;
}

function copyBlock(
  data: TensorData,
  from: number,
  rows: number,
  rowStride: number,
  columns: number,
  columnStride: number,
  out: Numbers,
  at: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < columns; c++) out[at + i * columns + c] = data[from + i * rowStride + c * columnStride];
  }
}

function decodeBlock(
  bits: TensorData,
  from: number,
  rows: number,
  rowStride: number,
  columns: number,
  columnStride: number,
  table: Float32Array,
  out: Numbers,
  at: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < columns; c++) out[at + i * columns + c] = table[bits[from + i * rowStride + c * columnStride]];
  }
}
