import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jaxJs } from '../../../../adapters/backends/jax-js/index.js';
import { withShims } from '../../../../adapters/backends/jax-js/kernel.js';
import type { Call, Kernel } from '../../../../adapters/kernel.js';
import { sizeOf, tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import { backend, title } from '../../../backend.js';
import { calls } from '../../support/calls.js';
import { distance } from '../../support/closeness.js';
import { derivative } from '../../support/finite-differences.js';
import { attention, bhld } from '../../support/formula.js';

const jax = await backend('jax-js');

describe.skipIf(jax.missing)(title('jax-js', jax), () => {
  const { capabilities } = jaxJs;
  let kernel: Kernel & Required<Pick<Kernel, 'backward'>>;
  beforeAll(async () => {
    kernel = (await jaxJs.open()) as typeof kernel;
  });
  afterAll(() => kernel[Symbol.asyncDispose]());
  const claimed = (call: Call) => !('name' in call.case.mask && call.case.mask.parameters?.side === 'left');

  it.each(['f32', 'f64'] as const)('computes the formula in %s', { timeout: 60_000 }, async (dtype) => {
    await fc.assert(
      fc.asyncProperty(calls(capabilities, dtype).filter(claimed), async (call) => {
        const { o } = await kernel.forward(call);
        expect(o.dtype).toBe(dtype);
        expect(distance(valuesOf(bhld(o, call.case.layout)), attention(call, capabilities.dialect ?? {}).o)).toBeLessThan(1e-4);
      }),
      { numRuns: 15 },
    );
  });

  it('differentiates it', { timeout: 60_000 }, async () => {
    // a row without keys spoils every gradient; see below
    const full = calls({ ...capabilities, masks: ['full', 'causal'], denseMask: false, layouts: ['bhld'] }, 'f32');
    await fc.assert(
      fc.asyncProperty(full, fc.nat(), async (plain, pick) => {
        const call = withCotangent(plain);
        const gradients = await kernel.backward(call);
        for (const name of ['q', 'k', 'v', ...(call.case.options.bias ? ['bias'] : [])]) {
          const gradient = valuesOf(gradients[`d${name}`]);
          expect(gradients[`d${name}`].shape).toEqual(call.tensors[name].shape);
          const index = pick % gradient.length;
          expect(distance([gradient[index]], [derivative(loss, call, name, index)])).toBeLessThan(1e-3);
        }
      }),
      { numRuns: 8 },
    );
  });

  // a test that fails here means that a newer release is another one
  it('gives NaN for the gradients of all keys where one row sees none', async () => {
    const one = tensorOf('f32', [1, 1, 2, 1], [1, 1]);
    const call: Call = withCotangent({
      case: {
        operator: 'softmax',
        dims: { b: 1, hk: 1, g: 1, m: 2, n: 2, d: 1, e: 1 },
        mask: { name: 'document' },
        options: {},
        dtype: 'f32',
        layout: 'bhld',
        values: { distribution: 'normal', seed: 0 },
      },
      tensors: { q: one, k: one, v: one, mask: tensorOf('bool', [1, 1, 2, 2], [0, 0, 1, 1]) },
    });
    expect([...valuesOf((await kernel.backward(call)).dv)]).toEqual([NaN, NaN]);
  });

  it('names its version', () => {
    expect(kernel.environment['jax-js']).toMatch(/^\d+\.\d+/);
  });
});

describe('withShims', () => {
  it('leaves nothing behind, even after an error', () => {
    const iterators = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
    const before = [Object.keys(Object.getOwnPropertyDescriptors(iterators)), 'Float16Array' in globalThis];
    expect(withShims(() => [...([1, 2, 3].values() as unknown as number[]).map((x) => 2 * x).filter((x) => x > 2)])).toEqual([4, 6]);
    expect(() =>
      withShims(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect([Object.keys(Object.getOwnPropertyDescriptors(iterators)), 'Float16Array' in globalThis]).toEqual(before);
  });
});

function withCotangent(call: Call): Call {
  const { b, hk, g, m, e } = call.case.dims;
  const shape = [b, hk * g, m, e];
  const wave = Array.from({ length: sizeOf(shape) }, (_, at) => Math.sin(1 + at));
  return { ...call, tensors: { ...call.tensors, do: tensorOf('f32', shape, wave) } };
}

/** Σ o·do. */
function loss(call: Call): number {
  const weights = valuesOf(call.tensors.do);
  return attention(call, jaxJs.capabilities.dialect ?? {}).o.reduce((sum, x, at) => sum + x * weights[at], 0);
}
