import { describe, expect, it } from 'vitest';
import { balanceOf } from '../../../spec/scheme/balance.js';
import { worldOf } from '../../../spec/scheme/world.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Scheme } from '../../../spec/types/documents.js';
import { library, onRanks, schemeCase } from './support.js';

describe.each(['ulysses', 'all-gather', 'all-gather-zigzag', 'usp', 'double-ring', 'double-ring-context'])('%s', (scheme) => {
  it.each(['full', 'causal'])('shares out the area of %s as declared', async (mask) => {
    for (const ranks of [2, 4, 8]) {
      const c = schemeCase({ b: 2, hk: 2, g: 4, n: 32 }, { name: mask });
      const area = valuesOf((await onRanks(c, scheme, ranks)).area);
      const mean = area.reduce((a, b) => a + b, 0) / ranks;
      const declared = balanceOf(worldOf(library.schemes.get(scheme) as Scheme, c.dims, ranks), c.mask);
      expect(Math.max(...area) / mean).toBeCloseTo(declared?.value as number, 12);
    }
  });
});

it('ulysses shares out every mask that is equal over heads', async () => {
  const c = schemeCase({ b: 2, hk: 4, n: 12 }, { name: 'sliding-window', parameters: { left: 3, right: 0 } });
  expect(new Set(valuesOf((await onRanks(c, 'ulysses', 4)).area)).size).toBe(1);
});
