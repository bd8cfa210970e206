import type { DType } from '../../../../spec/tensor/dtype.js';
import { decodeTable, encode } from '../../../../spec/tensor/float-bits.js';
import type { Numbers } from './arithmetic.js';

/** Rounds x[at] … x[at + count − 1] in place to the storage type. */
export type Store = (x: Numbers, at: number, count: number) => void;

const unchanged: Store = () => {};

function narrow(dtype: 'f16' | 'bf16'): Store {
  const table = decodeTable(dtype);
  return (x, at, count) => {
    for (let t = at; t < at + count; t++) x[t] = table[encode(dtype, x[t])];
  };
}

/** @throws {TypeError} for a dtype that the reference does not compute in. */
export function storeOf(dtype: DType): Store {
  if (dtype === 'f64' || dtype === 'f32') return unchanged;
  if (dtype === 'f16' || dtype === 'bf16') return narrow(dtype);
  throw new TypeError(`${dtype} is not a storage type of the reference`);
}
