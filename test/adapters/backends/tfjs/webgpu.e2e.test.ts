import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tfjsWebgpu } from '../../../../adapters/backends/tfjs/index.js';
import type { Kernel } from '../../../../adapters/kernel.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import { backend, title } from '../../../backend.js';
import { calls } from '../../support/calls.js';
import { distance } from '../../support/closeness.js';
import { attention } from '../../support/formula.js';

const webgpu = await backend('tfjs-webgpu');

describe.skipIf(webgpu.missing)(title('tfjs-webgpu', webgpu), () => {
  const { capabilities } = tfjsWebgpu;
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await tfjsWebgpu.open();
  }, 60_000);
  afterAll(() => kernel[Symbol.asyncDispose]());

  it('computes softmax attention and its LSE on the device', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(calls(capabilities, 'f32'), async (call) => {
        const { o, lse } = await kernel.forward(call);
        const expected = attention(call, capabilities.dialect ?? {});
        expect(distance(valuesOf(o), expected.o)).toBeLessThan(1e-4);
        expect(distance(valuesOf(lse), expected.lse)).toBeLessThan(1e-4);
      }),
      { numRuns: 5, seed: 1 },
    );
  });

  it('names the device, and leaves no navigator behind', () => {
    expect(kernel.environment).toMatchObject({ backend: 'webgpu', webgpu: expect.any(String), node: process.version });
    expect((globalThis as { navigator?: { gpu?: unknown } }).navigator?.gpu).toBeUndefined();
  });
});
