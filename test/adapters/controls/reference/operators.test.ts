import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reference } from '../../../../adapters/controls/reference/index.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import type { DType, Options } from '../../../../spec/types/documents.js';
import { createCall } from './calls.js';
import { distance } from './distance.js';
import { decayedAttention, efficientAttention, kernelAttention } from './formula.js';

const size = (max: number) => fc.integer({ min: 1, max });
const dims = fc.record({ b: size(2), hk: size(3), g: size(3), m: size(20), n: size(20), d: size(9), e: size(9) });

describe.each([
  ['f64', 1e-12],
  ['f32', 2e-5],
  ['f16', 5e-3],
  ['bf16', 4e-2],
] as [DType, number][])('%s', (dtype, tolerance) => {
  it.each(['linear', 'linear-causal', 'efficient'])('%s is the explicit weights', async (operator) => {
    const kernel = await reference.open();
    await fc.assert(
      fc.asyncProperty(dims, fc.boolean(), fc.nat(), async (drawn, eps, seed) => {
        const dims = operator === 'linear-causal' ? { ...drawn, m: drawn.n } : drawn;
        const call = createCall({ dims, seed, dtype, operator, options: eps ? { eps: 0.25 } : {} });
        const outputs = await kernel.forward(call);
        expect(Object.keys(outputs)).toEqual(['o']);
        const expected = operator === 'efficient' ? efficientAttention(call) : kernelAttention(call, operator === 'linear-causal');
        expect(distance(valuesOf(outputs.o), expected)).toBeLessThan(tolerance * 4);
      }),
      { numRuns: 25 },
    );
  });

  it('linear-decay is the explicit weights', async () => {
    const kernel = await reference.open();
    await fc.assert(
      fc.asyncProperty(dims, fc.boolean(), fc.nat(), async (drawn, decays, seed) => {
        const options: Options = decays ? { decay: true } : {};
        const call = createCall({ dims: { ...drawn, m: drawn.n }, seed, dtype, operator: 'linear-decay', options });
        const expected = decayedAttention(call);
        const size = Math.max(1, ...expected.map(Math.abs));
        expect(distance(valuesOf((await kernel.forward(call)).o), expected)).toBeLessThan(tolerance * size);
      }),
      { numRuns: 25 },
    );
  });
});
