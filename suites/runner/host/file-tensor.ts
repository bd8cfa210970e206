import { allocate, bytesOf, type TensorData, type TensorDType } from '../../../spec/tensor/dtype.js';
import { rowMajor, sizeOf, type Tensor } from '../../../spec/tensor/tensor.js';
import type { ReadBytes } from './answer-data.js';

/** Where a tensor lies in a file. */
interface Placed {
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly offset: number;
}

/** Elements of a tensor up to which it is read at once. */
const SMALL = 2 ** 22;

/** A contiguous tensor in a file, of which elements are read as they are asked for; `data` reads all of them. Of a view of it all are read too. */
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
    // a view is a copy of the object with other strides, and has no part in this
    read: { enumerable: false, value: read },
  }) as typeof plain & Tensor;
}
