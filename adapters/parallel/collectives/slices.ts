import { allocate } from '../../../spec/tensor/dtype.js';
import { contiguous, contiguousData, isShapeOnly, shapeOnly, sizeOf, type Tensor, tensor } from '../../../spec/tensor/tensor.js';

/** Returns entries [first, first + count) of an axis, contiguous. */
export function slice(t: Tensor, axis: number, first: number, count: number): Tensor {
  const shape = t.shape.map((size, x) => (x === axis ? count : size));
  return contiguous({ ...t, shape, offset: t.offset + first * t.strides[axis] });
}

/** Adds a last axis of size 1, without a copy. */
export function withChannel(t: Tensor): Tensor {
  return { ...t, shape: [...t.shape, 1], strides: [...t.strides, 1] };
}

/** Removes the last axis, of size 1, without a copy. */
export function withoutChannel(t: Tensor): Tensor {
  return { ...t, shape: t.shape.slice(0, -1), strides: t.strides.slice(0, -1) };
}

/** Concatenates tensors of one dtype along an axis. */
export function join(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  if (parts.length === 1) return contiguous(first);
  const length = parts.reduce((sum, { shape }) => sum + shape[axis], 0);
  const shape = first.shape.map((size, x) => (x === axis ? length : size));
  if (parts.some(isShapeOnly)) return shapeOnly(first.dtype, shape);
  const inner = sizeOf(shape.slice(axis + 1));
  const data = allocate(first.dtype, sizeOf(shape));
  let before = 0;
  for (const part of parts) {
    const run = part.shape[axis] * inner;
    const from = contiguousData(part);
    for (let x = 0; x * run < from.length; x++) data.set(from.subarray(x * run, (x + 1) * run), (x * length + before) * inner);
    before += part.shape[axis];
  }
  return tensor(first.dtype, shape, data);
}
