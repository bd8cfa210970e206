import type { Expected } from '../problem.js';
import { type Tensor, tensor } from '../tensor/tensor.js';

/** Indices of a set in a kernel's form: int32, then -1 in unused slots; tied ones come last. */
export function placesOf({ shape, value, bound }: Pick<Expected, 'shape' | 'value'> & Partial<Expected>, slots: number): Tensor {
  const places = shape[shape.length - 1];
  const rows = value.length / places;
  const data = new Int32Array(rows * slots).fill(-1);
  for (let row = 0; row < rows; row++) {
    const chosen = Array.from({ length: places }, (_, place) => place).filter((place) => value[row * places + place] !== 0);
    const isOpen = (place: number) => ((bound?.[row * places + place] ?? 0) > 0 ? 1 : 0);
    data.set(chosen.sort((x, y) => isOpen(x) - isOpen(y)).slice(0, slots), row * slots);
  }
  return tensor('i32', [...shape.slice(0, -1), slots], data);
}
