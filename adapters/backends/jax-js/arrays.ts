import type { numpy } from '@jax-js/jax';
import { contiguousData, type Tensor, tensor, transpose } from '../../../spec/tensor/tensor.js';
import { Unsupported } from '../../kernel.js';

export type Jax = typeof import('@jax-js/jax');
export type JaxArray = numpy.Array;

/** Copies a tensor to the default device. jax-js keeps booleans as 32-bit integers. */
export function arrayOf({ numpy: np }: Jax, t: Tensor): JaxArray {
  const shape = [...t.shape];
  const data = contiguousData(t);
  switch (t.dtype) {
    case 'f32':
      return np.array(data as Float32Array<ArrayBuffer>, { shape, dtype: np.float32 });
    case 'f64':
      return np.array(data as Float64Array<ArrayBuffer>, { shape, dtype: np.float64 });
    case 'i32':
      return np.array(data as Int32Array<ArrayBuffer>, { shape, dtype: np.int32 });
    case 'i8':
    case 'u8':
      return np.array(Int32Array.from(data), { shape, dtype: np.int32 });
    case 'bool':
      return np.array(Int32Array.from(data), { shape, dtype: np.bool });
    default:
      throw new Unsupported(`jax-js has no arrays of dtype ${t.dtype}`);
  }
}

/** Reads an array's values and consumes the array. */
export async function tensorOf(array: JaxArray): Promise<Tensor> {
  const { shape, dtype } = array;
  const data = await array.data();
  return tensor(dtype === 'float64' ? 'f64' : 'f32', shape, data as Float32Array | Float64Array);
}

/** Converts between [b, h, l, d] and [b, l, h, d]. */
export function swapHeads(t: Tensor): Tensor {
  return transpose(t, [0, 2, 1, 3]);
}
