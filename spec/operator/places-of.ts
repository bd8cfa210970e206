import type { Expected } from '../problem.js';
import { type Tensor, tensor } from '../tensor/tensor.js';

/**
 * A set of places as a kernel gives it: int32, in order, and -1 in slots that are left. Where there are more places than slots because some are
 * tied, those that are in for certain come first.
 * @param membership 1 for each place along the last axis that is in. @param slots size of the axis that takes its place.
 */
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
