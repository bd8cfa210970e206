import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../../adapters/adapter.js';
import { loadAdapter } from '../../../../adapters/load.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import type { DType } from '../../../../spec/types/documents.js';
import { type Opened, opened, title } from '../../../backend.js';
import { firstOf, runsOf } from '../../../some.js';
import { calls } from '../../support/calls.js';
import { distance } from '../../support/closeness.js';
import { attention } from '../../support/formula.js';

const tolerance: Partial<Record<DType, number>> = { f64: 1e-9, f32: 1e-4, f16: 2e-2, bf16: 1e-1 };

/** Capabilities of an adapter, limited to those that `calls` can draw. */
const drawable = (capabilities: Capabilities): Capabilities => ({
  ...capabilities,
  masks: ['full', 'causal', 'sliding-window'].filter((name) => capabilities.masks?.includes(name)),
  limits: { ...capabilities.limits, e: '=d' },
});

for (const [id, numRuns] of [
  ['pytorch-math', runsOf(12, 25)],
  ['pytorch-flash', runsOf(12, 25)],
  ['pytorch-flex', 3],
  ['pytorch-window', runsOf(4, 25)],
] as const) {
  // opened once: each start imports PyTorch
  const here = await opened(id);
  describe.skipIf(here.missing)(title(id, here), () => {
    const { adapter, kernel } = here as Opened;
    afterAll(() => kernel?.[Symbol.asyncDispose]());

    it('names its versions and device', () => {
      expect(adapter.id).toBe(id);
      expect(adapter.title).not.toBe('');
      expect(kernel.environment).toMatchObject({ torch: expect.stringMatching(/^\d+\.\d+/), device: expect.any(String) });
    });

    // flex_attention is traced anew for each shape
    it('computes the formula in every dtype', { timeout: 240_000 }, async () => {
      for (const dtype of adapter.capabilities.dtypes) {
        await fc.assert(
          fc.asyncProperty(calls(drawable(adapter.capabilities), dtype), async (call) => {
            // is_causal and a mask exclude each other
            fc.pre(!(id !== 'pytorch-flex' && call.tensors.bias && 'name' in call.case.mask && call.case.mask.name === 'causal'));
            const { o } = await kernel.forward(call);
            expect(o.dtype).toBe(dtype);
            expect(distance(valuesOf(o), attention(call, adapter.capabilities.dialect ?? {}).o)).toBeLessThan(tolerance[dtype] as number);
          }),
          { numRuns },
        );
      }
    });
  });
}

describe('what this machine has not', () => {
  it.each(
    firstOf(
      [
        'pytorch-cudnn',
        'flash-attn',
        'flashinfer',
        'pytorch-efficient',
        'jax',
        'flash-attn-3',
        'transformer-engine',
        'flashmask',
        'flex-flash-attn',
        'flashinfer-block-sparse',
        'vsa',
        'ring-attention-pytorch-ring',
        'fla-naive-gla-recurrent',
      ],
      1,
    ),
  )('%s opens, or says what would mend it', async (id) => {
    const adapter = await loadAdapter(id).catch((e: unknown) => e as Error);
    if (!(adapter instanceof Error)) {
      expect(adapter.id).toBe(id);
      expect(adapter.title).not.toBe('');
    }
    const error = await (adapter instanceof Error
      ? adapter
      : adapter.open().then(
          (kernel) => kernel[Symbol.asyncDispose](),
          (e: unknown) => e,
        ));
    if (error !== undefined)
      expect(error).toMatchObject({ name: 'Unavailable', remedy: expect.stringMatching(/pip install|a machine with|Python/) });
  });
});
