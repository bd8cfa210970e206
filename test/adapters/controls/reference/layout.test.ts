import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reference, referencePlain } from '../../../../adapters/controls/reference/index.js';
import type { Call } from '../../../../adapters/kernel.js';
import { allocate } from '../../../../spec/tensor/dtype.js';
import { contiguous, contiguousData, sizeOf, type Tensor, type Tensors, tensor, transpose } from '../../../../spec/tensor/tensor.js';
import type { DType } from '../../../../spec/types/documents.js';
import { createCall, withTensors } from './calls.js';

/** The same elements, axes in another order in memory, after `offset` elements, every `step`-th element. */
function strided(t: Tensor, order: readonly number[], offset: number, step: number): Tensor {
  const data = allocate(t.dtype, offset + sizeOf(t.shape) * step).fill(1);
  const strides = new Array<number>(t.shape.length);
  let stride = step;
  for (const axis of [...order].reverse()) {
    strides[axis] = stride;
    stride *= t.shape[axis];
  }
  const view: Tensor = { dtype: t.dtype, shape: t.shape, strides, offset, data };
  const source = contiguousData(t);
  const index = t.shape.map(() => 0);
  for (const x of source) {
    data[index.reduce((at, i, axis) => at + i * strides[axis], offset)] = x;
    for (let axis = index.length - 1; axis >= 0 && ++index[axis] === t.shape[axis]; axis--) index[axis] = 0;
  }
  return view;
}

const size = (max: number) => fc.integer({ min: 1, max });
const dims = fc.record({ b: size(3), hk: size(3), g: size(2), m: size(12), n: size(20), d: size(6), e: size(6) });
const dtypes = fc.constantFrom<DType>('f64', 'f32', 'f16', 'bf16');
const orders = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });

async function bothPasses(call: Call): Promise<Tensors> {
  const kernel = await reference.open();
  return { ...(await kernel.forward(call)), ...(await kernel.backward?.(call)) };
}

it('views give the bits of contiguous tensors', async () => {
  await fc.assert(
    fc.asyncProperty(dims, dtypes, orders, fc.nat(9), size(3), async (dims, dtype, order, offset, step) => {
      const call = createCall({
        dims,
        seed: 1,
        dtype,
        dense: { kind: 'mask', shape: [dims.b, dims.hk * dims.g, dims.m, dims.n], share: 0.7 },
      });
      const views = Object.fromEntries(
        Object.entries(call.tensors).map(([name, t]) => [
          name,
          strided(t, t.shape.length === 4 ? order : order.filter((axis) => axis < t.shape.length), offset, step),
        ]),
      );
      expect(await bothPasses(withTensors(call, views))).toEqual(await bothPasses(call));
    }),
    { numRuns: 60 },
  );
});

it('batch entries may share memory', async () => {
  const call = createCall({ dims: { b: 3, hk: 2, g: 1, m: 4, n: 5, d: 3, e: 3 }, seed: 4, dtype: 'f32' });
  const shared = { ...call.tensors.k, strides: [0, ...call.tensors.k.strides.slice(1)] };
  expect(await bothPasses(withTensors(call, { k: shared }))).toEqual(await bothPasses(withTensors(call, { k: contiguous(shared) })));
});

it.each([reference, referencePlain])('blhd gives the bits of bhld: $id', async (adapter) => {
  const kernel = await adapter.open();
  await fc.assert(
    fc.asyncProperty(dims, dtypes, fc.constantFrom('softmax', 'linear', 'efficient', 'linear-softmax'), async (dims, dtype, operator) => {
      const mask = { name: operator === 'linear-softmax' ? 'causal' : 'full' };
      const call = createCall({ dims, seed: 2, dtype, operator, mask });
      const swap = (t: Tensor) => {
        const turned = transpose(t, [0, 2, 1, 3]);
        return tensor(t.dtype, turned.shape, contiguousData(turned));
      };
      const swapped = (tensors: Tensors) =>
        Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, t.shape.length === 4 ? swap(t) : t]));
      const other: Call = { case: { ...call.case, layout: 'blhd' }, tensors: swapped(call.tensors) };
      expect(swapped(await kernel.forward(other))).toEqual(await kernel.forward(call));
      expect(swapped((await kernel.backward?.(other)) ?? {})).toEqual(await kernel.backward?.(call));
    }),
    { numRuns: 40 },
  );
});

it('inputs stay as they are', async () => {
  for (const operator of ['softmax', 'linear', 'linear-causal', 'linear-decay', 'efficient', 'linear-softmax']) {
    const mask = { name: operator === 'linear-softmax' ? 'causal' : 'full' };
    const call = createCall({ dims: { b: 2, hk: 1, g: 2, m: 6, n: 6, d: 3, e: 4 }, seed: 6, operator, mask });
    const before = structuredClone(call.tensors);
    await bothPasses(call);
    expect(call.tensors).toEqual(before);
  }
});
