import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reference, referencePlain } from '../../../../adapters/controls/reference/index.js';
import type { Call, Gradients, Kernel } from '../../../../adapters/kernel.js';
import { tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { DType, Options } from '../../../../spec/types/documents.js';
import { type CallOptions, createCall, withTensors } from './calls.js';
import { distance } from './distance.js';

const adapters = [reference, referencePlain];

/** Σ do·o + Σ dlse·lse, the function that backward differentiates. Rows whose lse is −∞ have no part in it. */
async function loss(kernel: Kernel, call: Call): Promise<number> {
  const { o, lse } = await kernel.forward(call);
  const dO = valuesOf(call.tensors.do);
  const fromO = valuesOf(o).reduce((sum, x, at) => sum + x * dO[at], 0);
  if (!lse || !call.tensors.dlse) return fromO;
  const dlse = valuesOf(call.tensors.dlse);
  return valuesOf(lse).reduce((sum, x, at) => (x === -Infinity ? sum : sum + x * dlse[at]), fromO);
}

/** Compares a few elements of every gradient with central differences. */
async function checkGradients(kernel: Kernel, call: Call, names: readonly string[]): Promise<void> {
  const gradients = (await kernel.backward?.(call)) ?? {};
  for (const name of names) {
    const input = call.tensors[name];
    const actual = valuesOf(gradients[`d${name}`]);
    expect(gradients[`d${name}`].shape).toEqual(input.shape);
    for (let step = 0; step < 4; step++) {
      const at = (step * 7919) % actual.length;
      const shifted = async (by: number) => {
        const values = valuesOf(input).slice();
        values[at] += by;
        return loss(kernel, withTensors(call, { [name]: tensorOf('f64', input.shape, values) }));
      };
      const h = 1e-5;
      const expected = ((await shifted(h)) - (await shifted(-h))) / (2 * h);
      expect(Math.abs(actual[at] - expected), `d${name}[${at}]`).toBeLessThan(1e-7 * (1 + Math.abs(expected)));
    }
  }
}

const dims = { b: 2, hk: 2, g: 2, m: 9, n: 19, d: 4, e: 6 };
const softmaxCalls: [string, Omit<CallOptions, 'dims' | 'seed'>][] = [
  ['plain', {}],
  ['scale and softcap', { options: { scale: 0.7, softcap: 1.2 } }],
  ['sink', { options: { sink: true } }],
  ['alibi and bias', { options: { alibi: true, bias: true } }],
  ['everything', { options: { scale: 0.7, softcap: 2, sink: true, alibi: true, bias: true } }],
];

describe.each(adapters)('$id', (adapter) => {
  it.each(softmaxCalls)('softmax gradients are those of finite differences: %s', async (_, options) => {
    const call = createCall({ dims, seed: 11, ...options });
    const extras = Object.keys(options.options ?? {}).filter((name) => name in call.tensors);
    await checkGradients(await adapter.open(), call, ['q', 'k', 'v', ...extras]);
  });

  it.each<[Options]>([[{}], [{ decay: true }]])('linear-decay gradients are those of finite differences: %j', async (options) => {
    const call = createCall({ dims: { ...dims, m: 13, n: 13 }, seed: 14, operator: 'linear-decay', options });
    await checkGradients(await adapter.open(), call, ['q', 'k', 'v']);
  });

  it.each<[Options]>([[{}], [{ decay: true, scale: 0.3 }]])(
    'linear-softmax gradients are those of finite differences: %j',
    async (options) => {
      const call = createCall({ dims, seed: 15, operator: 'linear-softmax', mask: { name: 'causal' }, options, spread: 1 });
      await checkGradients(await adapter.open(), call, ['q', 'k', 'v']);
    },
  );

  it.each(['linear', 'linear-causal', 'efficient'])('%s gradients are those of finite differences', async (operator) => {
    const call = createCall({
      dims: { ...dims, m: 13, n: 13 },
      seed: 12,
      operator,
      options: operator === 'efficient' ? {} : { eps: 0.01 },
    });
    await checkGradients(await adapter.open(), call, ['q', 'k', 'v']);
  });

  it.each([
    ['f32', 1e-4],
    ['f16', 3e-2],
    ['bf16', 2e-1],
  ] as [DType, number][])('%s gradients are near those of f64', async (dtype, tolerance) => {
    const kernel = await adapter.open();
    const options: Options = { softcap: 3, sink: true, alibi: true, bias: true };
    for (const operator of ['softmax', 'linear', 'linear-causal', 'linear-decay', 'efficient', 'linear-softmax']) {
      const call = createCall({
        dims: { ...dims, m: 13, n: 13 },
        seed: 13,
        dtype,
        operator,
        // peaked weights would only show how far apart the types are
        ...(operator === 'linear-softmax' && { mask: { name: 'causal' }, spread: 1 }),
        options: operator === 'softmax' ? options : {},
      });
      // the same stored numbers, so that only the arithmetic differs
      const wide = Object.fromEntries(Object.entries(call.tensors).map(([name, t]) => [name, tensorOf('f64', t.shape, valuesOf(t))]));
      const expected = await kernel.backward?.({ case: { ...call.case, dtype: 'f64' }, tensors: wide });
      const actual = await kernel.backward?.(call);
      expect(Object.keys(actual ?? {})).toEqual(Object.keys(expected ?? {}));
      for (const [name, t] of Object.entries(actual ?? {})) {
        expect(t.dtype).toBe(dtype);
        const want = valuesOf((expected as Gradients)[name]);
        const size = Math.max(1, ...want.map(Math.abs));
        expect(distance(valuesOf(t), want), `${operator} ${name}`).toBeLessThan(tolerance * size);
      }
    }
  });
});

it('softmax gradients are those of finite differences under masks by name', async () => {
  const kernel = await reference.open();
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 25 }),
      fc.integer({ min: -1, max: 9 }),
      fc.integer({ min: -1, max: 9 }),
      fc.nat(),
      async (m, left, right, seed) => {
        const mask = { name: 'sliding-window', parameters: { left, right } };
        await checkGradients(kernel, createCall({ dims: { ...dims, m }, mask, seed, options: { softcap: 2, alibi: true } }), [
          'q',
          'k',
          'v',
          'alibi',
        ]);
      },
    ),
    { numRuns: 12 },
  );
});

it('a bias that only carries the mask has no gradient', async () => {
  const kernel = await referencePlain.open();
  const call = createCall({ dims, seed: 3, mask: { name: 'causal' }, dense: { kind: 'bias', shape: [1, 1, dims.m, dims.n], share: 0.5 } });
  expect(Object.keys((await kernel.backward?.(call)) ?? {})).toEqual(['dq', 'dk', 'dv']);
});
