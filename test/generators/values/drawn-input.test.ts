import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { storedInputs } from '../../../generators/problem.js';
import { decoded, type StoredInput } from '../../../generators/values/stored-input.js';
import { Claims } from '../../../spec/claims/claims.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import { encodeAll } from '../../../spec/tensor/float-bits.js';
import { sizeOf } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import { capable, library } from '../capable.js';

const claims = Claims.of(library, capable({ gradients: true }));

function inputsOf(changes: Partial<Case> & Pick<Case, 'values'>): Record<string, StoredInput> {
  const c: Case = {
    operator: 'softmax',
    dims: { b: 2, hk: 2, g: 2, m: 130, n: 130, d: 33, e: 20 },
    mask: { name: 'causal' },
    options: {},
    dtype: 'f32',
    layout: 'bhld',
    ...changes,
  };
  const { b, hk, g, m, n } = c.dims;
  const mask = compileMask(library, c.mask, { b, heads: hk * g, m, n, causal: 'bottom-right', window: 'inclusive' });
  return storedInputs(claims, c, mask, true, false);
}

describe('an input over a long sequence', () => {
  const distributions = fc.constantFrom('targeted' as const, 'counted' as const, 'codebook' as const);
  const dtypes = fc.constantFrom('f64' as const, 'f32' as const, 'f16' as const, 'bf16' as const);

  test.prop(
    [distributions, dtypes, fc.integer({ min: 0, max: 255 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 70 })],
    {
      numRuns: 12,
    },
  )('has the same rows wherever one begins to read', (distribution, dtype, seed, share, most) => {
    for (const [name, input] of Object.entries(inputsOf({ dtype, values: { distribution, seed } }))) {
      if (!['q', 'k', 'v', 'do'].includes(name)) continue;
      expect([name, input.readRows !== undefined]).toEqual([name, true]);
      const width = input.shape[input.shape.length - 1];
      const rows = sizeOf(input.shape) / width;
      const first = Math.floor(share * rows);
      const count = Math.min(most, rows - first);
      const read = new Float64Array(count * width + 3).fill(7);
      input.readRows?.(first, count, read, 2);
      expect([...read.subarray(2, 2 + count * width)]).toEqual([...decoded(input).subarray(first * width, (first + count) * width)]);
      expect([read[0], read[1], read[read.length - 1]]).toEqual([7, 7, 7]);
    }
  });

  it('is drawn whole where something is done to the whole of it', () => {
    const changed = inputsOf({ values: { distribution: 'targeted', seed: 1, transform: [{ change: 'v' }] } });
    const shared = inputsOf({ values: { distribution: 'targeted', seed: 1 }, views: { k: { step: 0 } } } as never);
    for (const { q, k } of [changed, shared]) expect([q.readRows, k.readRows]).toEqual([undefined, undefined]);
  });
});

describe('an input over a short sequence', () => {
  const distributions = fc.constantFrom(
    'normal' as const,
    'planted' as const,
    'near-tied' as const,
    'subnormal' as const,
    'heavy-tailed' as const,
  );
  const dtypes = fc.constantFrom('f64' as const, 'f32' as const, 'f16' as const, 'bf16' as const, 'f8e4m3' as const);
  const dims = { b: 2, hk: 1, g: 2, m: 5, n: 7, d: 3, e: 4 };

  test.prop([distributions, dtypes, fc.integer({ min: 0, max: 255 })], { numRuns: 40 })(
    'is read as it is stored',
    (distribution, dtype, seed) => {
      const inputs = inputsOf({ dims, dtype, values: { distribution, seed } });
      expect(Object.keys(inputs)).toEqual(['q', 'k', 'v', 'do']);
      for (const [name, input] of Object.entries(inputs)) {
        if (input.scale) continue;
        expect([name, [...encodeAll(input.dtype, decoded(input))]]).toEqual([name, [...input.data]]);
      }
    },
  );

  it('is drawn whole where a distribution sets elements of it', () => {
    const { q, k, v, ...rest } = inputsOf({ dims, values: { distribution: 'planted', seed: 1 } });
    expect([q, k, v, rest.do].map(({ readRows }) => readRows !== undefined)).toEqual([false, false, true, true]);
  });
});
