import { lengthOf, type Positions, placesOf } from '../../../spec/positions.js';
import { allocate, type TensorData } from '../../../spec/tensor/dtype.js';
import { contiguousData, isShapeOnly, shapeOnly, type Tensor, tensor } from '../../../spec/tensor/tensor.js';

/** Returns the rows of [b, h, l, d] at these positions, with zeros beyond l. */
export function takeRows(t: Tensor, segments: readonly Positions[]): Tensor {
  const [b, h, l, d] = t.shape;
  if (isShapeOnly(t)) return shapeOnly(t.dtype, [b, h, lengthOf(segments), d]);
  const places = placesOf(segments);
  const from = contiguousData(t);
  const data = allocate(t.dtype, b * h * places.length * d);
  for (let head = 0; head < b * h; head++) {
    places.forEach((place, row) => {
      if (place >= l) return;
      const at = (head * l + place) * d;
      data.set(from.subarray(at, at + d), (head * places.length + row) * d);
    });
  }
  return tensor(t.dtype, [b, h, places.length, d], data);
}

/** Inverse of `takeRows`: writes rows [b, h, rows, width] without padding to [b, h, l, width]. */
export function putRows<Data extends TensorData>(
  into: Data,
  heads: number,
  l: number,
  width: number,
  rows: Data,
  segments: readonly Positions[],
): void {
  const places = placesOf(segments);
  for (let head = 0; head < heads; head++) {
    places.forEach((place, row) => {
      if (place >= l) return;
      const at = (head * places.length + row) * width;
      into.set(rows.subarray(at, at + width) as never, (head * l + place) * width);
    });
  }
}
