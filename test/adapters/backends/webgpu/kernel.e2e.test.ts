import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webgpuCapabilities } from '../../../../adapters/backends/webgpu/capabilities.js';
import { reference } from '../../../../adapters/controls/reference/index.js';
import type { Call, Kernel } from '../../../../adapters/kernel.js';
import { loadAdapter } from '../../../../adapters/load.js';
import { type Tensor, tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import { backend, title } from '../../../backend.js';
import { createCall } from '../../controls/reference/calls.js';
import { calls } from '../../support/calls.js';
import { distance } from '../../support/closeness.js';
import { attention } from '../../support/formula.js';
import { dimsAround, furthest, namedMasks, scoreOptions } from '../../support/problems.js';

const here = await backend('webgpu');
const dtypes = here.missing ? [] : (await loadAdapter('webgpu')).capabilities.dtypes;
/** Tolerances of the output o by dtype; that of f16 is a rounding of a value of at most 2. */
const tolerances = { f32: 1e-4, f16: 2e-3 } as Record<string, number>;
const tolerance = 1e-4;

/** Sizes around tiles of 16 and of 32 keys, and blocks of 16 rows. */
const dims = dimsAround([1, 3, 15, 16, 17, 33, 47, 65], [1, 16, 33]);
const mask = namedMasks(20);

/** Largest distance between the tensors of two outputs, which must have the same names. */
function worst(actual: Readonly<Record<string, Tensor>>, expected: Readonly<Record<string, Tensor>>): number {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  return furthest(actual, expected);
}

function range(t: Tensor, from: number, to: number): Tensor {
  return { ...t, shape: [t.shape[0], t.shape[1], to - from, t.shape[3]], offset: t.offset + from * t.strides[2] };
}

describe.skipIf(here.missing).each(['webgpu', 'webgpu-naive', 'webgpu-split-kv'])(title('%s', here), (id) => {
  let kernel: Kernel;
  let right: Kernel;
  beforeAll(async () => {
    kernel = await (await loadAdapter(id)).open();
    right = await reference.open();
  });
  afterAll(() => kernel[Symbol.asyncDispose]());
  const backward = async (k: Kernel, call: Call) => (await k.backward?.(call)) ?? {};

  it('names the package, the device and its driver', () => {
    expect(kernel.environment.webgpu).toMatch(/^\d+\.\d+/);
    expect(kernel.environment.device ?? kernel.environment.description).toBeTruthy();
  });

  it.each(dtypes)('computes the formula in %s, in every form that it claims', async (dtype) => {
    const { masks, ...claims } = webgpuCapabilities('flash', { f16: false });
    // the formula has no documents
    const formula = { ...claims, masks: masks?.filter((name) => !name.startsWith('document')) };
    await fc.assert(
      fc.asyncProperty(calls(formula, dtype), async (call) => {
        const { o, lse } = await kernel.forward(call);
        const expected = attention(call, {});
        expect(o.dtype).toBe(dtype);
        expect(distance(valuesOf(o), expected.o)).toBeLessThan(tolerances[dtype]);
        expect(distance(valuesOf(lse), expected.lse)).toBeLessThan(tolerance);
      }),
      { numRuns: 60 },
    );
  });

  it('gives what the reference gives over several tiles, forward and backward', async () => {
    await fc.assert(
      fc.asyncProperty(dims, scoreOptions, mask, fc.nat(), async (dims, options, mask, seed) => {
        const call = createCall({ dims, options, mask, seed, dtype: 'f32' });
        expect(worst(await kernel.forward(call), await right.forward(call))).toBeLessThan(tolerance);
        if (kernel.backward) expect(worst(await backward(kernel, call), await backward(right, call))).toBeLessThan(1e-3);
      }),
      { numRuns: 15 },
    );
  });

  it.each(['document', 'document-causal'])('masks by the documents of %s', async (name) => {
    const call = createCall({ dims: { b: 2, hk: 1, g: 2, m: 20, n: 20, d: 4, e: 4 }, seed: 1, dtype: 'f32', mask: { name } });
    const documents = Array.from({ length: 40 }, (_, at) => (at % 20 < 7 ? 0 : at % 20 < 18 ? 2 : 3));
    const visible = Array.from({ length: 400 }, (_, at) => {
      const [i, j] = [Math.floor(at / 20), at % 20];
      return Number(documents[i] === documents[j] && (name === 'document' || j <= i));
    });
    const named = { ...call, tensors: { ...call.tensors, document: tensorOf('i32', [2, 20], documents) } };
    const dense = { ...call, tensors: { ...call.tensors, mask: tensorOf('bool', [1, 1, 20, 20], visible) } };
    expect(worst(await kernel.forward(named), await right.forward(dense))).toBeLessThan(tolerance);
    if (kernel.backward) expect(worst(await backward(kernel, named), await backward(right, dense))).toBeLessThan(1e-3);
  });

  it('gives a row without keys zeros and an LSE of −∞, and its neighbours nothing of it', async () => {
    const call = createCall({
      dims: { b: 1, hk: 1, g: 2, m: 18, n: 5, d: 3, e: 3 },
      seed: 2,
      dtype: 'f32',
      mask: { name: 'causal' },
    });
    const { o, lse } = await kernel.forward(call);
    // bottom-right: the first 13 queries of 18 are before the first key
    for (let row = 0; row < 36; row++) {
      const empty = row % 18 < 13;
      expect(lse.data[row] === -Infinity).toBe(empty);
      expect(o.data.slice(row * 3, row * 3 + 3).every((x) => x === 0)).toBe(empty);
    }
    if (!kernel.backward) return;
    const { dq } = await backward(kernel, call);
    expect(dq.data.slice(0, 39).every((x) => x === 0)).toBe(true);
  });

  it('takes no NaN, infinity or huge number from a slot that is hidden', async () => {
    const call = createCall({
      dims: { b: 1, hk: 1, g: 1, m: 4, n: 40, d: 5, e: 5 },
      seed: 3,
      dtype: 'f32',
      mask: { name: 'sliding-window', parameters: { left: 20, right: 0 } },
    });
    const clean = await kernel.forward(call);
    for (const poison of [NaN, Infinity, -Infinity, 3e38]) {
      const [k, v] = [call.tensors.k, call.tensors.v].map((t) => ({
        ...t,
        data: (t.data as Float32Array).slice().fill(poison, 0, 16 * 5),
      }));
      expect(await kernel.forward({ ...call, tensors: { ...call.tensors, k, v } })).toEqual(clean);
    }
  });

  it('takes the output and LSE of the whole for a block, whose gradients add up', async () => {
    if (!kernel.backward) return;
    const whole = createCall({
      dims: { b: 1, hk: 2, g: 2, m: 5, n: 50, d: 4, e: 6 },
      seed: 3,
      dtype: 'f32',
      options: { sink: true, softcap: 3 },
    });
    const outputs = await kernel.forward(whole);
    const expected = await backward(kernel, whole);
    const sum = new Float64Array(valuesOf(expected.dq).length);
    for (const [from, to] of [
      [0, 20],
      [20, 50],
    ]) {
      const { k, v } = whole.tensors;
      const block = {
        case: { ...whole.case, dims: { ...whole.case.dims, n: to - from } },
        tensors: { ...whole.tensors, ...outputs, k: range(k, from, to), v: range(v, from, to) },
      };
      const { dq, dk, dv } = await backward(kernel, block);
      expect(distance(valuesOf(dk), valuesOf(range(expected.dk, from, to)))).toBeLessThan(1e-5);
      expect(distance(valuesOf(dv), valuesOf(range(expected.dv, from, to)))).toBeLessThan(1e-5);
      valuesOf(dq).forEach((x, at) => {
        sum[at] += x;
      });
    }
    expect(distance(sum, valuesOf(expected.dq))).toBeLessThan(1e-5);
  });

  it('gives the same bits again, and tensors that a later and larger call leaves alone', async () => {
    const dims = { b: 2, hk: 2, g: 2, m: 33, n: 70, d: 16, e: 16 };
    const call = createCall({ dims, seed: 5, dtype: 'f32' });
    const first = await kernel.forward(call);
    const kept = first.o.data.slice();
    await kernel.forward(createCall({ dims: { ...dims, n: 1024, m: 1, d: 256, e: 256 }, seed: 6, dtype: 'f32' }));
    expect(first.o.data).toEqual(kept);
    expect(await kernel.forward(call)).toEqual(first);
  });

  it('says what it does not compute', async () => {
    const call = createCall({ dims: { b: 1, hk: 1, g: 1, m: 2, n: 2, d: 1, e: 1 }, seed: 0, dtype: 'f32' });
    const refused = expect.objectContaining({ name: 'Unsupported' });
    await expect(kernel.forward({ ...call, case: { ...call.case, operator: 'linear' } })).rejects.toEqual(refused);
    await expect(kernel.forward({ ...call, case: { ...call.case, dtype: 'bf16' } })).rejects.toEqual(refused);
    await expect(kernel.forward({ ...call, case: { ...call.case, mask: { name: 'prefix-causal' } } })).rejects.toEqual(refused);
  });
});
