import { type Tensor, tensor } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../adapter.js';

/** Returns left or right padding of the keys as BOOL [b, 1, m, n]. */
export function paddingMask({ dims: { b, m, n }, mask }: Case, lengths: ArrayLike<number>): Tensor {
  const left = 'name' in mask && mask.parameters?.side === 'left';
  return rows(b, m, n, (x, _, j) => (left ? j >= n - lengths[x] : j < lengths[x]));
}

/** Returns BOOL [1, 1, m, m] with keys i − left + 1 … i + right visible; −1 is unbounded. */
export function windowMask({ dims: { m } }: Case, left: number, right: number): Tensor {
  return rows(1, m, m, (_, i, j) => (left === -1 || j > i - left) && (right === -1 || j <= i + right));
}

function rows(b: number, m: number, n: number, visible: (b: number, i: number, j: number) => boolean): Tensor {
  const data = new Uint8Array(b * m * n);
  for (let at = 0; at < data.length; at++) data[at] = visible(Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n) ? 1 : 0;
  return tensor('bool', [b, 1, m, n], data);
}
