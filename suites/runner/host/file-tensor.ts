import { allocate, bytesOf, type TensorData, type TensorDType } from '../../../spec/tensor/dtype.js';
import { rowMajor, sizeOf, type Tensor } from '../../../spec/tensor/tensor.js';
import type { ReadBytes } from './answer-data.js';

interface Placed {
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
  readonly offset: number;
}

/** Largest number of elements that is read at once. */
const SMALL = 2 ** 22;

/** Contiguous tensor in a file, read on demand; `data`, and any view, reads all of it. */
export function fileTensor({ dtype, shape, offset }: Placed, readBytes: ReadBytes): Tensor {
  const bytes = bytesOf(dtype);
  const read = (from: number, out: TensorData): void =>
    readBytes(new Uint8Array(out.buffer, out.byteOffset, out.byteLength), offset + from * bytes);
  let data: TensorData | undefined;
  const whole = () => {
    if (!data) {
      data = allocate(dtype, sizeOf(shape));
      read(0, data);
    }
    return data;
  };
  const plain = { dtype, shape, strides: rowMajor(shape), offset: 0 };
  if (sizeOf(shape) <= SMALL) return { ...plain, data: whole() };
  return Object.defineProperties(plain, {
    data: { enumerable: true, get: whole },
    // not enumerable: copies with other strides must not inherit it
    read: { enumerable: false, value: read },
  }) as typeof plain & Tensor;
}
