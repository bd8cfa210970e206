import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  onnxruntimeAttention,
  onnxruntimeGqa,
  onnxruntimeMha,
  onnxruntimeWebAttention,
  onnxruntimeWebGqa,
  onnxruntimeWebMha,
} from '../../../../adapters/backends/onnxruntime/index.js';
import type { Call, Kernel } from '../../../../adapters/kernel.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import { calls } from '../../support/calls.js';
import { distance } from '../../support/closeness.js';
import { attention, bhld } from '../../support/formula.js';

const tolerance = { f32: 1e-4, f16: 2e-2 } as Record<string, number>;

/** MultiHeadAttention's causal mask leaves out the last query, which in a square problem sees every key anyway; see the test below. */
function lastRowDefect({ case: c }: Call): boolean {
  return 'name' in c.mask && c.mask.name === 'causal' && c.dims.m < c.dims.n;
}

const onWeb = [onnxruntimeWebAttention, onnxruntimeWebMha, onnxruntimeWebGqa];

describe.each([onnxruntimeAttention, onnxruntimeMha, onnxruntimeGqa, ...onWeb])('$id', (adapter) => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await adapter.open();
  });
  afterAll(() => kernel[Symbol.asyncDispose]());

  it('makes a valid claim', () => {
    expect(resolveCapabilities(adapter.capabilities, adapter.id).operators).toEqual(['softmax']);
  });

  it.each(adapter.capabilities.dtypes)('computes the formula in %s', async (dtype) => {
    await fc.assert(
      fc.asyncProperty(calls(adapter.capabilities, dtype), async (call) => {
        fc.pre(!([onnxruntimeMha, onnxruntimeWebMha].includes(adapter) && lastRowDefect(call)));
        const { o } = await kernel.forward(call);
        expect(o.dtype).toBe(dtype);
        const expected = attention(call, adapter.capabilities.dialect ?? {});
        expect(distance(valuesOf(bhld(o, call.case.layout)), expected.o)).toBeLessThan(tolerance[dtype]);
      }),
      { numRuns: onWeb.includes(adapter) ? 20 : 60 },
    );
  });
});
