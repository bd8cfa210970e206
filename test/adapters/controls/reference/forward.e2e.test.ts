import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reference, referencePlain } from '../../../../adapters/controls/reference/index.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import type { DType, Mask, Options } from '../../../../spec/types/documents.js';
import { createCall } from './calls.js';
import { distance } from './distance.js';
import { attention } from './formula.js';

/** Largest error against float64, for scores of a few units and values of at most 2. */
const tolerances: [DType, number][] = [
  ['f64', 1e-13],
  ['f32', 1e-5],
  ['f16', 1e-2],
  ['bf16', 8e-2],
];

const dims = fc.record({
  b: fc.integer({ min: 1, max: 2 }),
  hk: fc.integer({ min: 1, max: 3 }),
  g: fc.integer({ min: 1, max: 3 }),
  m: fc.integer({ min: 1, max: 35 }),
  n: fc.integer({ min: 1, max: 50 }),
  d: fc.integer({ min: 1, max: 12 }),
  e: fc.integer({ min: 1, max: 12 }),
});

const options = fc
  .record({ scale: fc.boolean(), softcap: fc.boolean(), sink: fc.boolean(), alibi: fc.boolean(), bias: fc.boolean() })
  .map(({ scale, softcap, ...flags }) => ({
    ...(scale ? { scale: 0.3 } : {}),
    ...(softcap ? { softcap: 1.5 } : {}),
    ...Object.fromEntries(Object.entries(flags).flatMap(([name, on]) => (on ? [[name, true as const]] : []))),
  })) as fc.Arbitrary<Options>;

const masks: fc.Arbitrary<Mask> = fc.oneof(
  fc.constantFrom({ name: 'full' }, { name: 'causal' }),
  fc
    .record({ left: fc.integer({ min: -1, max: 20 }), right: fc.integer({ min: -1, max: 20 }) })
    .map((parameters) => ({ name: 'sliding-window', parameters })),
);

describe.each(tolerances)('%s', (dtype, tolerance) => {
  it('is the definition, with masks by name', async () => {
    const kernel = await reference.open();
    await fc.assert(
      fc.asyncProperty(dims, options, masks, fc.nat(), async (dims, options, mask, seed) => {
        const call = createCall({ dims, options, mask, seed, dtype });
        const { o, lse } = await kernel.forward(call);
        const expected = attention(call);
        expect(distance(valuesOf(o), expected.o)).toBeLessThan(tolerance);
        expect(distance(valuesOf(lse), expected.lse)).toBeLessThan(tolerance);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    { adapter: reference, kind: 'mask' },
    { adapter: referencePlain, kind: 'bias' },
  ] as const)('is the definition, with dense masks of every shape: $adapter.id', async ({ adapter, kind }) => {
    const kernel = await adapter.open();
    await fc.assert(
      fc.asyncProperty(
        dims,
        options,
        fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        fc.nat(),
        async (dims, { bias: _, ...options }, [b, h, m], seed) => {
          const shape = [b ? dims.b : 1, h ? dims.hk * dims.g : 1, m ? dims.m : 1, dims.n];
          const call = createCall({ dims, options, mask: { name: 'padding' }, seed, dtype, dense: { kind, shape, share: 0.4 } });
          const { o, lse } = await kernel.forward(call);
          const expected = attention(call);
          expect(distance(valuesOf(o), expected.o)).toBeLessThan(tolerance);
          expect(distance(valuesOf(lse), expected.lse)).toBeLessThan(tolerance);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('has o in storage and lse in f32, or f64', async () => {
    for (const adapter of [reference, referencePlain]) {
      const kernel = await adapter.open();
      const outputs = await kernel.forward(createCall({ dims: { b: 1, hk: 2, g: 2, m: 3, n: 5, d: 4, e: 6 }, seed: 1, dtype }));
      expect(outputs.o).toMatchObject({ dtype, shape: [1, 4, 3, 6] });
      expect(outputs.lse).toMatchObject({ dtype: dtype === 'f64' ? 'f64' : 'f32', shape: [1, 4, 3] });
    }
  });
});

it('keeps the maximum out of the exponentials', async () => {
  for (const adapter of [reference, referencePlain]) {
    const kernel = await adapter.open();
    const call = createCall({ dims: { b: 1, hk: 1, g: 1, m: 20, n: 40, d: 4, e: 4 }, seed: 3, spread: 100, options: { sink: true } });
    const { o, lse } = await kernel.forward(call);
    const expected = attention(call);
    expect(distance(valuesOf(o), expected.o)).toBeLessThan(1e-9);
    expect(distance(valuesOf(lse), expected.lse)).toBeLessThan(1e-9);
  }
});

it('refuses what it does not implement', async () => {
  const kernel = await reference.open();
  const dims = { b: 1, hk: 1, g: 1, m: 2, n: 2, d: 2, e: 2 };
  await expect(kernel.forward(createCall({ dims, seed: 1, mask: { name: 'document', parameters: { lengths: [1, 1] } } }))).rejects.toThrow(
    'document',
  );
  await expect(kernel.forward(createCall({ dims, seed: 1, operator: 'moba' }))).rejects.toThrow('moba');
});
