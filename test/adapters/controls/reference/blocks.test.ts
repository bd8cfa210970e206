import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reference, referencePlain } from '../../../../adapters/controls/reference/index.js';
import { type Tensor, tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import { createCall } from './calls.js';
import { distance } from './distance.js';

/** Rows [from, to) of the third axis. */
function slice(t: Tensor, from: number, to: number): Tensor {
  return { ...t, shape: [t.shape[0], t.shape[1], to - from, t.shape[3]], offset: t.offset + from * t.strides[2] };
}

it.each([reference, referencePlain])(
  'gradients of blocks, from the output and LSE of the whole, add up to the whole: $id',
  async (adapter) => {
    const kernel = await adapter.open();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 40 }),
        fc.boolean(),
        fc.nat(),
        async (n, cut, sink, seed) => {
          const whole = createCall({
            dims: { b: 2, hk: 2, g: 2, m: 6, n, d: 3, e: 4 },
            seed,
            options: { softcap: 2, ...(sink ? { sink: true } : {}) },
          });
          const outputs = await kernel.forward(whole);
          const expected = (await kernel.backward?.(whole)) ?? {};
          const bounds = [0, Math.min(cut, n), n];
          const dq = new Float64Array(valuesOf(expected.dq).length);
          for (let part = 0; part < 2; part++) {
            const [from, to] = [bounds[part], bounds[part + 1]];
            if (from === to) continue;
            const { k, v } = whole.tensors;
            const block = {
              case: { ...whole.case, dims: { ...whole.case.dims, n: to - from } },
              tensors: { ...whole.tensors, k: slice(k, from, to), v: slice(v, from, to), o: outputs.o, lse: outputs.lse },
            };
            const actual = (await kernel.backward?.(block)) ?? {};
            valuesOf(actual.dq).forEach((x, at) => {
              dq[at] += x;
            });
            for (const name of ['dk', 'dv'] as const) {
              const want = valuesOf(slice(expected[name], from, to));
              expect(distance(valuesOf(actual[name]), want)).toBeLessThan(1e-12);
            }
            if (sink) expect(distance(valuesOf(actual.dsink), valuesOf(expected.dsink))).toBeLessThan(1e-12);
          }
          expect(distance(dq, valuesOf(expected.dq))).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 40 },
    );
  },
);

it('a block uses the output and LSE that it is given', async () => {
  const kernel = await reference.open();
  const call = createCall({ dims: { b: 1, hk: 1, g: 1, m: 3, n: 5, d: 2, e: 2 }, seed: 1 });
  const { o, lse } = await kernel.forward(call);
  const own = await kernel.backward?.(call);
  expect(await kernel.backward?.({ ...call, tensors: { ...call.tensors, o, lse } })).toEqual(own);
  const raised = tensorOf(
    'f64',
    lse.shape,
    valuesOf(lse).map((x) => x + 1),
  );
  expect(await kernel.backward?.({ ...call, tensors: { ...call.tensors, o, lse: raised } })).not.toEqual(own);
});
