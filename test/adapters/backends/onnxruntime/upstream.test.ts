import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Adapter, Tensors } from '../../../../adapters/adapter.js';
import { onnxruntimeAttention, onnxruntimeGqa, onnxruntimeMha } from '../../../../adapters/backends/onnxruntime/index.js';
import type { Call, Kernel } from '../../../../adapters/kernel.js';
import { tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Mask } from '../../../../spec/types/documents.js';

/** Equal scores and values that are the key's number, from 1: an output tells which keys were seen. */
function counting(m: number, n: number, d: number, mask: Mask, more: Tensors = {}): Call {
  const tensors = {
    q: tensorOf('f32', [1, 1, m, d], new Array(m * d).fill(0)),
    k: tensorOf('f32', [1, 1, n, d], new Array(n * d).fill(0)),
    v: tensorOf(
      'f32',
      [1, 1, n, d],
      Array.from({ length: n * d }, (_, at) => 1 + Math.floor(at / d)),
    ),
    ...more,
  };
  return {
    case: {
      operator: 'softmax',
      dims: { b: 1, hk: 1, g: 1, m, n, d, e: d },
      mask,
      options: more.bias ? { bias: true } : {},
      dtype: 'f32',
      layout: 'bhld',
      values: { distribution: 'integers', seed: 0 },
    },
    tensors,
  };
}

/** First column of every row. */
async function rows(kernel: Kernel, call: Call): Promise<number[]> {
  const { d } = call.case.dims;
  return Array.from(valuesOf((await kernel.forward(call)).o)).filter((_, at) => at % d === 0);
}

// What these operators do that their documents do not say. A test that fails here means that a newer release is another one.
describe('ONNX Runtime', () => {
  const kernels = new Map<Adapter, Kernel>();
  beforeAll(async () => {
    for (const adapter of [onnxruntimeAttention, onnxruntimeMha, onnxruntimeGqa]) kernels.set(adapter, await adapter.open());
  });
  afterAll(() => Promise.all([...kernels.values()].map((kernel) => kernel[Symbol.asyncDispose]())));
  const on = (adapter: Adapter, call: Call) => rows(kernels.get(adapter) as Kernel, call);

  it('lets the last query of MultiHeadAttention see every key where there are more keys than queries, causal or not', async () => {
    expect(await on(onnxruntimeMha, counting(2, 4, 1, { name: 'causal' }))).toEqual([1, 2.5]);
    expect(await on(onnxruntimeMha, counting(1, 3, 1, { name: 'causal' }))).toEqual([2]);
  });

  it('refuses, in Attention, a mask that broadcasts over the queries', async () => {
    const mask = tensorOf('bool', [1, 1, 1, 2], [1, 0]);
    await expect(on(onnxruntimeAttention, counting(2, 2, 1, { name: 'document' }, { mask }))).rejects.toThrow(
      /inconsistent q_sequence_length/,
    );
  });

  it('gives NaN, in GroupQueryAttention, for a row that its bias empties, but zeros under its causal mask', async () => {
    const bias = tensorOf('f32', [1, 1, 2, 2], [-Infinity, -Infinity, 0, 0]);
    expect(await on(onnxruntimeGqa, counting(2, 2, 8, { name: 'full' }, { bias }))).toEqual([NaN, 1.5]);
    expect(await on(onnxruntimeGqa, counting(2, 2, 8, { name: 'causal' }, { bias }))).toEqual([0, 1.5]);
  });
});
