import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { mutantNamed } from '../../../../adapters/controls/mutants/named.js';
import { reference } from '../../../../adapters/controls/reference/index.js';
import { tensorsOf } from '../../../../generators/tensors.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../spec/library.js';
import { type Tensors, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';

const claims = Claims.of(createLibrary(), resolveCapabilities(reference.capabilities, 'reference'));

/** Outputs of the reference and of a mutant for one call. */
async function outputsOf(mutant: string, c: Omit<Case, 'operator' | 'dtype' | 'layout'>): Promise<[Tensors, Tensors]> {
  const whole: Case = { ...c, operator: 'softmax', dtype: 'f32', layout: 'bhld' };
  const call = { case: whole, tensors: tensorsOf(claims, whole) };
  const kernels = [await reference.open(), await mutantNamed(mutant).open()];
  const [right, wrong] = await Promise.all(kernels.map(async (kernel) => kernel.forward(call)));
  return [right, wrong];
}

describe('what one property alone is to find', () => {
  test.prop([fc.integer({ min: 0, max: 255 }), fc.integer({ min: 65, max: 90 })], { numRuns: 30 })(
    'of a faint weight is nothing beside a sink that takes all',
    async (seed, n) => {
      const values = { distribution: 'sunk', seed } as const;
      const dims = { b: 1, hk: 1, g: 1, m: 2, n, d: 1, e: 1 };
      const [right, wrong] = await outputsOf('hidden-keys-faint', { dims, mask: { name: 'causal' }, options: { sink: true }, values });
      const [o, faint, lse] = [right.o, wrong.o, right.lse].map((t) => Array.from(valuesOf(t)));
      for (const [row, x] of o.entries()) expect(Math.abs(faint[row] - x)).toBeLessThanOrEqual(2 ** -60 * Math.abs(x));
      expect(lse).toEqual(Array.from(valuesOf(wrong.lse)));
    },
  );

  test.prop([fc.integer({ min: 0, max: 255 }), fc.integer({ min: 25_000, max: 40_000 })], { numRuns: 5 })(
    'of a maximum that hidden keys raise stays a quarter above the visible ones, however many tiles there are',
    async (seed, n) => {
      const [right, wrong] = await outputsOf('hidden-keys-in-rounding', {
        dims: { b: 1, hk: 1, g: 1, m: 1, n, d: 1, e: 1 },
        mask: { name: 'padding', parameters: { lengths: [1], side: 'right' } },
        options: { alibi: true },
        values: { distribution: 'normal', seed },
      });
      const [o, other] = [right.o, wrong.o].map((t) => valuesOf(t)[0]);
      expect(Math.abs(other - o)).toBeLessThanOrEqual(2 ** -8 * Math.abs(o));
    },
  );
});
