import { sizeOf, type Tensor, type Tensors, tensorOf } from '../../../../spec/tensor/tensor.js';

/** Returns tensors of the same types and shapes, filled with a number. */
export function filledWith(tensors: Tensors, value: number): Tensors {
  return mapTensors(tensors, (t) => tensorOf(t.dtype, t.shape, new Float64Array(sizeOf(t.shape)).fill(value)));
}

export function mapTensors(tensors: Tensors, change: (t: Tensor, name: string) => Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, change(t, name)]));
}
