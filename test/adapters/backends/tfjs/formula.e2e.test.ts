import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tfjsCpu, tfjsWasm } from '../../../../adapters/backends/tfjs/index.js';
import type { Call, Kernel } from '../../../../adapters/kernel.js';
import { sizeOf, type Tensor, type Tensors, tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import { calls } from '../../support/calls.js';
import { distance } from '../../support/closeness.js';
import { derivative } from '../../support/finite-differences.js';
import { attention } from '../../support/formula.js';
import { linearFormula } from '../../support/linear-formulas.js';

const tolerance = 1e-4;

describe.each([tfjsCpu, tfjsWasm])('$id', (adapter) => {
  const { capabilities } = adapter;
  let kernel: Kernel & Required<Pick<Kernel, 'backward'>>;
  beforeAll(async () => {
    kernel = (await adapter.open()) as typeof kernel;
  });
  afterAll(() => kernel[Symbol.asyncDispose]());

  it('computes softmax attention and its LSE', async () => {
    await fc.assert(
      fc.asyncProperty(calls(capabilities, 'f32'), async (call) => {
        const { o, lse } = await kernel.forward(call);
        const expected = attention(call, capabilities.dialect ?? {});
        expect(distance(valuesOf(o), expected.o)).toBeLessThan(tolerance);
        expect(distance(valuesOf(lse), expected.lse)).toBeLessThan(tolerance);
      }),
      { numRuns: 40 },
    );
  });

  it.each(['linear', 'linear-causal', 'efficient'])('computes %s attention', async (operator) => {
    await fc.assert(
      fc.asyncProperty(calls(capabilities, 'f32', operator), async (call) => {
        const { o, lse } = await kernel.forward(call);
        expect(lse).toBeUndefined();
        expect(distance(valuesOf(o), linearFormula(call))).toBeLessThan(tolerance);
      }),
      { numRuns: 30 },
    );
  });

  it.each(capabilities.operators)('differentiates %s attention', async (operator) => {
    await fc.assert(
      fc.asyncProperty(calls(capabilities, 'f32', operator), fc.nat(), async (plain, pick) => {
        const call = withCotangents(plain);
        const gradients = await kernel.backward(call);
        const names = ['q', 'k', 'v', ...['sink', 'alibi', 'bias'].filter((name) => call.case.options[name])];
        expect(Object.keys(gradients).sort()).toEqual(names.map((name) => `d${name}`).sort());
        for (const name of names) {
          const gradient = valuesOf(gradients[`d${name}`]);
          const index = pick % gradient.length;
          expect(gradients[`d${name}`].shape).toEqual(call.tensors[name].shape);
          expect(distance([gradient[index]], [derivative(loss, call, name, index)])).toBeLessThan(1e-3);
        }
      }),
      { numRuns: 20 },
    );
  });
});

function withCotangents(call: Call): Call {
  const { b, hk, g, m, e } = call.case.dims;
  const wave = (shape: number[]): Tensor =>
    tensorOf(
      'f32',
      shape,
      Array.from({ length: sizeOf(shape) }, (_, at) => Math.sin(1 + at)),
    );
  const tensors: Tensors = { ...call.tensors, do: wave([b, hk * g, m, e]) };
  if (call.case.operator === 'softmax') tensors.dlse = wave([b, hk * g, m]);
  return { ...call, tensors };
}

/** Σ o·do + Σ lse·dlse: its gradients are what a backward pass returns. Empty rows, whose LSE is −∞, have no part in it. */
function loss(call: Call): number {
  const weighted = (values: Float64Array, weights: Tensor) =>
    valuesOf(weights).reduce((sum, w, at) => sum + (Number.isFinite(values[at]) ? w * values[at] : 0), 0);
  if (call.case.operator !== 'softmax') return weighted(linearFormula(call), call.tensors.do);
  const { o, lse } = attention(call, {});
  return weighted(o, call.tensors.do) + weighted(lse, call.tensors.dlse);
}
