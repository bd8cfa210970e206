import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reference, referencePlain } from '../../../../adapters/controls/reference/index.js';
import type { Call } from '../../../../adapters/kernel.js';
import { contiguous, type Tensor, type Tensors, tensor, tensorOf, transpose, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';
import { createCall } from './calls.js';

type Packed = NonNullable<Case['packed']>;

/** [1, h, l, d] as [l, h, d], [1, h, l] as [h, l]. */
function packedTensor(t: Tensor): Tensor {
  if (t.shape.length === 4) return dropAxis(contiguous(transpose(t, [0, 2, 1, 3])));
  return t.shape.length === 3 ? dropAxis(t) : t;
}

function dropAxis(t: Tensor): Tensor {
  return tensor(t.dtype, t.shape.slice(1), t.data);
}

/** 0, and where each ends. */
function bounds(lengths: readonly number[]): number[] {
  let end = 0;
  return [0, ...lengths.map((length) => (end += length))];
}

function pack(call: Call, packed: Packed): Call {
  const tensors: Tensors = Object.fromEntries(Object.entries(call.tensors).map(([name, t]) => [name, packedTensor(t)]));
  for (const side of ['q', 'k'] as const) tensors[`cu_${side}`] = tensorOf('i32', [packed[side].length + 1], bounds(packed[side]));
  return { case: { ...call.case, layout: 'thd', packed }, tensors };
}

/** Rows [start, end) of an axis, contiguous. */
function cut(t: Tensor, axis: number, [start, end]: readonly [number, number]): Tensor {
  const shape = t.shape.map((size, x) => (x === axis ? end - start : size));
  return contiguous({ ...t, shape, offset: t.offset + start * t.strides[axis] });
}

/** A document by itself. */
function alone({ case: c, tensors }: Call, queries: readonly [number, number], keys: readonly [number, number]): Call {
  const own: Tensors = { ...tensors };
  for (const name of ['q', 'do', 'dlse']) own[name] = cut(tensors[name], 2, queries);
  for (const name of ['k', 'v']) own[name] = cut(tensors[name], 2, keys);
  return { case: { ...c, dims: { ...c.dims, m: queries[1] - queries[0], n: keys[1] - keys[0] } }, tensors: own };
}

async function bothPasses(adapter: typeof reference, call: Call): Promise<Tensors> {
  const kernel = await adapter.open();
  return { ...(await kernel.forward(call)), ...(await kernel.backward?.(call)) };
}

const documents = fc
  .array(fc.tuple(fc.nat(6), fc.nat(20)), { minLength: 1, maxLength: 4 })
  .filter((all) => all.some(([q]) => q > 0) && all.some(([, k]) => k > 0));

describe.each([reference, referencePlain])('packed sequences: $id', (adapter) => {
  it('give the bits of each document alone; what belongs to no document is their sum', async () => {
    await fc.assert(
      fc.asyncProperty(documents, fc.constantFrom(...(adapter.capabilities.masks ?? [])), fc.nat(99), async (drawn, name, seed) => {
        const packed = { q: drawn.map(([q]) => q), k: drawn.map(([, k]) => k) };
        const [queries, keys] = [bounds(packed.q), bounds(packed.k)];
        const dims = { b: 1, hk: 2, g: 2, m: queries[drawn.length], n: keys[drawn.length], d: 3, e: 2 };
        const mask = name === 'sliding-window' ? { name, parameters: { left: 2, right: 1 } } : { name };
        const whole = createCall({ dims, seed, mask, options: { sink: true, alibi: true }, dtype: 'f64' });
        const together = await bothPasses(adapter, pack(whole, packed));
        const sums = { dsink: [0, 0, 0, 0], dalibi: [0, 0, 0, 0] };
        for (const x of drawn.keys()) {
          const [q, k] = [
            [queries[x], queries[x + 1]],
            [keys[x], keys[x + 1]],
          ] as const;
          const own = await bothPasses(adapter, alone(whole, q, k));
          for (const [output, axis, range] of [
            ['o', 0, q],
            ['lse', 1, q],
            ['dq', 0, q],
            ['dk', 0, k],
            ['dv', 0, k],
          ] as const)
            expect(valuesOf(cut(together[output], axis, range)), output).toEqual(valuesOf(packedTensor(own[output])));
          for (const [output, sum] of Object.entries(sums)) for (const [h, part] of valuesOf(own[output]).entries()) sum[h] += part;
        }
        for (const [output, sum] of Object.entries(sums)) expect([...valuesOf(together[output])], output).toEqual(sum);
      }),
      { numRuns: 40 },
    );
  });

  it('have exact zeros where a document is empty', async () => {
    const call = createCall({ dims: { b: 1, hk: 1, g: 1, m: 3, n: 3, d: 2, e: 2 }, seed: 1, dtype: 'f32' });
    const { o, lse, dq, dk, dv } = await bothPasses(adapter, pack(call, { q: [0, 2, 1, 0], k: [1, 0, 2, 0] }));
    expect([...valuesOf(o).subarray(0, 4), ...valuesOf(dq).subarray(0, 4)]).toEqual(new Array(8).fill(0));
    expect([...valuesOf(lse).subarray(0, 2)]).toEqual([-Infinity, -Infinity]);
    expect([...valuesOf(dk).subarray(0, 2), ...valuesOf(dv).subarray(0, 2)]).toEqual(new Array(4).fill(0));
    expect(
      valuesOf(dk)
        .subarray(2)
        .every((x) => x !== 0),
    ).toBe(true);
  });
});
