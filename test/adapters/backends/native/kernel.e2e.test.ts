import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { native } from '../../../../adapters/backends/native/index.js';
import { reference } from '../../../../adapters/controls/reference/index.js';
import type { Kernel } from '../../../../adapters/kernel.js';
import { type Tensor, valuesOf } from '../../../../spec/tensor/tensor.js';
import { backend, title } from '../../../backend.js';
import { createCall } from '../../controls/reference/calls.js';
import { calls } from '../../support/calls.js';
import { distance } from '../../support/closeness.js';
import { attention, bhld } from '../../support/formula.js';
import { dimsAround, furthest, namedMasks, scoreOptions } from '../../support/problems.js';

const here = await backend('native');
const tolerance = { f64: 1e-12, f32: 1e-4 } as Record<string, number>;

/** Sizes around a tile of 64 keys and a block of 64 rows. */
const dims = dimsAround([1, 3, 17, 63, 64, 65, 130, 192], [1, 8, 33]);
const mask = namedMasks(70);

describe.skipIf(here.missing)(title('the C++ kernel', here), () => {
  let kernel: Kernel;
  let right: Kernel;
  beforeAll(async () => {
    kernel = await native.open();
    right = await reference.open();
  });
  afterAll(() => kernel[Symbol.asyncDispose]());

  it('says what compiled it', () => {
    expect(kernel.environment.compiler).toMatch(/\d/);
    expect(kernel.environment.flags).toContain('-O3');
  });

  it.each(native.capabilities.dtypes)('computes the formula in %s, in every form that it claims', async (dtype) => {
    await fc.assert(
      fc.asyncProperty(calls(native.capabilities, dtype), async (call) => {
        const { o, lse } = await kernel.forward(call);
        expect(o.dtype).toBe(dtype);
        const expected = attention(call, {});
        expect(distance(valuesOf(bhld(o, call.case.layout)), expected.o)).toBeLessThan(tolerance[dtype]);
        expect(distance(valuesOf(lse), expected.lse)).toBeLessThan(tolerance[dtype]);
      }),
      { numRuns: 100 },
    );
  });

  it('gives what the reference gives over several tiles, forward and backward', async () => {
    await fc.assert(
      fc.asyncProperty(dims, scoreOptions, mask, fc.nat(), async (dims, options, mask, seed) => {
        const call = createCall({ dims, options, mask, seed });
        expect(furthest(await kernel.forward(call), await right.forward(call))).toBeLessThan(1e-11);
        expect(furthest((await kernel.backward?.(call)) ?? {}, (await right.backward?.(call)) ?? {})).toBeLessThan(1e-9);
      }),
      { numRuns: 25 },
    );
  });

  it('takes the output and LSE of the whole for a block', async () => {
    const whole = createCall({ dims: { b: 1, hk: 2, g: 2, m: 5, n: 70, d: 4, e: 6 }, seed: 3 });
    const outputs = await kernel.forward(whole);
    const { k, v } = whole.tensors;
    const first = (t: Tensor): Tensor => ({ ...t, shape: [t.shape[0], t.shape[1], 30, t.shape[3]] });
    const block = {
      case: { ...whole.case, dims: { ...whole.case.dims, n: 30 } },
      tensors: { ...whole.tensors, ...outputs, k: first(k), v: first(v) },
    };
    const gradients = (await kernel.backward?.(block)) ?? {};
    const expected = (await kernel.backward?.(whole)) ?? {};
    expect(distance(valuesOf(gradients.dk), valuesOf(first(expected.dk)))).toBeLessThan(1e-12);
    expect(distance(valuesOf(gradients.dv), valuesOf(first(expected.dv)))).toBeLessThan(1e-12);
  });

  it('gives the same bits again, and tensors that a later call leaves alone', async () => {
    const call = createCall({ dims: { b: 2, hk: 2, g: 2, m: 130, n: 200, d: 16, e: 16 }, seed: 5 });
    const first = await kernel.forward(call);
    const kept = first.o.data.slice();
    await kernel.forward(createCall({ dims: { b: 2, hk: 2, g: 2, m: 130, n: 200, d: 16, e: 16 }, seed: 6 }));
    expect(first.o.data).toEqual(kept);
    expect(await kernel.forward(call)).toEqual(first);
  });
});
