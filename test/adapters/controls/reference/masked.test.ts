import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reference, referencePlain } from '../../../../adapters/controls/reference/index.js';
import type { Call } from '../../../../adapters/kernel.js';
import { encode } from '../../../../spec/tensor/float-bits.js';
import { type Tensor, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { DType } from '../../../../spec/types/documents.js';
import { createCall, withTensors } from './calls.js';

const dims = { b: 2, hk: 2, g: 2, m: 7, n: 37, d: 5, e: 3 };
const dtypes: DType[] = ['f64', 'f32', 'f16', 'bf16'];

/** The call with a dense mask, as the adapter takes it, that hides every third key from all, and all keys from query 2. */
function maskedCall(kind: 'mask' | 'bias', dtype: DType): Call {
  const call = createCall({ dims, seed: 5, dtype, mask: { name: 'padding' }, dense: { kind, shape: [1, 1, dims.m, dims.n], share: 0.8 } });
  const { data } = call.tensors[kind];
  const hide = kind === 'mask' ? 0 : encode(dtype, -Infinity);
  for (let i = 0; i < dims.m; i++) for (let j = 0; j < dims.n; j++) if (j % 3 === 0 || i === 2) data[i * dims.n + j] = hide;
  return call;
}

/** The tensor [b, hk, n, ·] with x in the slots of every third key. */
function poisoned(t: Tensor, x: number): Tensor {
  const data = t.data.slice();
  const width = t.shape[3];
  for (let at = 0; at < data.length; at++) if ((Math.floor(at / width) % dims.n) % 3 === 0) data[at] = encode(t.dtype as DType, x);
  return { ...t, data };
}

describe.each([
  { adapter: reference, kind: 'mask' },
  { adapter: referencePlain, kind: 'bias' },
] as const)('$adapter.id', ({ adapter, kind }) => {
  it.each(dtypes)('a row without keys gives 0 and −∞, gradients of exactly 0, and harms no other row: %s', async (dtype) => {
    const kernel = await adapter.open();
    const call = maskedCall(kind, dtype);
    const { o, lse } = await kernel.forward(call);
    const gradients = await kernel.backward?.(call);
    const values = { o: valuesOf(o), dq: valuesOf(gradients?.dq as Tensor) };
    for (let row = 0; row < valuesOf(lse).length; row++) {
      const empty = row % dims.m === 2;
      expect(valuesOf(lse)[row] === -Infinity).toBe(empty);
      expect(values.o.slice(row * dims.e, (row + 1) * dims.e).every((x) => x === 0)).toBe(empty);
      expect(values.dq.slice(row * dims.d, (row + 1) * dims.d).every((x) => x === 0)).toBe(empty);
    }
    for (const t of Object.values(gradients ?? {})) expect(valuesOf(t).every(Number.isFinite)).toBe(true);
  });

  it.each(dtypes)('nothing in a masked slot changes a bit: %s', async (dtype) => {
    const kernel = await adapter.open();
    const call = maskedCall(kind, dtype);
    const clean = [await kernel.forward(call), await kernel.backward?.(call)];
    for (const x of [NaN, Infinity, -Infinity, 6e4]) {
      const dirty = withTensors(call, { k: poisoned(call.tensors.k, x), v: poisoned(call.tensors.v, x) });
      expect([await kernel.forward(dirty), await kernel.backward?.(dirty)]).toEqual(clean);
    }
  });
});

it('a row with a sink is never empty', async () => {
  const kernel = await reference.open();
  const call = createCall({ dims: { ...dims, m: 40, n: 3 }, seed: 8, mask: { name: 'causal' }, options: { sink: true } });
  const { o, lse } = await kernel.forward(call);
  expect([...valuesOf(o).slice(0, dims.e)]).toEqual([0, 0, 0]);
  expect(valuesOf(lse)[0]).toBe(valuesOf(call.tensors.sink)[0]);
});

it('a mask by name is bitwise the same mask as a tensor', async () => {
  const kernel = await reference.open();
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: -1, max: 20 }),
      fc.integer({ min: -1, max: 20 }),
      async (m, left, right) => {
        const named = createCall({
          dims: { ...dims, m },
          seed: 2,
          dtype: 'f32',
          mask: { name: 'sliding-window', parameters: { left, right } },
        });
        const dense = createCall({
          dims: { ...dims, m },
          seed: 2,
          dtype: 'f32',
          dense: { kind: 'mask', shape: [1, 1, m, dims.n], share: 1 },
        });
        const { data } = dense.tensors.mask;
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < dims.n; j++) {
            const place = i + dims.n - m;
            data[i * dims.n + j] = Number((left < 0 || j >= place - left) && (right < 0 || j <= place + right));
          }
        }
        expect(await kernel.forward(named)).toEqual(await kernel.forward(dense));
        expect(await kernel.backward?.(named)).toEqual(await kernel.backward?.(dense));
      },
    ),
    { numRuns: 40 },
  );
});
