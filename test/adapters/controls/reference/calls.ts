import type { Call } from '../../../../adapters/kernel.js';
import type { TensorDType } from '../../../../spec/tensor/dtype.js';
import { sizeOf, type Tensor, type Tensors, tensorOf } from '../../../../spec/tensor/tensor.js';
import type { Case, Dims } from '../../../../spec/types/documents.js';

/** A small generator of numbers in [0, 1). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface CallOptions extends Partial<Omit<Case, 'dims' | 'values'>> {
  readonly dims: Dims;
  readonly seed: number;
  /** Largest magnitude of the elements of q, k, v. */
  readonly spread?: number;
  /** A dense mask of random cells, with these sizes along b, h, m, n. */
  readonly dense?: { readonly kind: 'mask' | 'bias'; readonly shape: readonly number[]; readonly share: number };
}

/** A case with its tensors, do and dlse among them; options `sink`, `alibi` and `bias` bring theirs. */
export function createCall({ dims, seed, spread = 2, dense, ...rest }: CallOptions): Call {
  const c: Case = {
    operator: 'softmax',
    mask: { name: 'full' },
    options: {},
    dtype: 'f64',
    layout: 'bhld',
    values: { distribution: 'uniform', seed },
    ...rest,
    dims,
  };
  const next = random(seed);
  const draw = (shape: number[], size: number, dtype: TensorDType = c.dtype) =>
    tensorOf(
      dtype,
      shape,
      Array.from({ length: sizeOf(shape) }, () => size * (2 * next() - 1)),
    );
  const heads = dims.hk * dims.g;
  const tensors: Tensors = {
    q: draw([dims.b, heads, dims.m, dims.d], spread),
    k: draw([dims.b, dims.hk, dims.n, dims.d], spread),
    v: draw([dims.b, dims.hk, dims.n, dims.e], spread),
    do: draw([dims.b, heads, dims.m, dims.e], 1),
  };
  if (c.operator === 'softmax') tensors.dlse = draw([dims.b, heads, dims.m], 1, c.dtype === 'f64' ? 'f64' : 'f32');
  if (c.options.sink) tensors.sink = draw([heads], 2);
  if (c.options.alibi) tensors.alibi = draw([heads], 0.5);
  if (c.options.decay)
    tensors.decay = tensorOf(
      c.dtype,
      [dims.hk],
      Array.from({ length: dims.hk }, () => next() / 2),
    );
  if (c.options.bias) tensors.bias = draw([dims.b, 1, dims.m, dims.n], 1);
  if (dense) tensors[dense.kind] = denseTensor(dense, c.dtype, next);
  return { case: c, tensors };
}

function denseTensor({ kind, shape, share }: NonNullable<CallOptions['dense']>, dtype: TensorDType, next: () => number): Tensor {
  const cells = Array.from({ length: sizeOf(shape) }, () => next() < share);
  return kind === 'mask'
    ? tensorOf('bool', shape, cells.map(Number))
    : tensorOf(
        dtype,
        shape,
        cells.map((seen) => (seen ? 0 : -Infinity)),
      );
}

/** The call with other tensors in place of its own. */
export function withTensors(call: Call, tensors: Tensors): Call {
  return { case: call.case, tensors: { ...call.tensors, ...tensors } };
}
