import { expect, it } from 'vitest';
import { drawCase } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';

const declared = {
  dtypes: ['f32' as const],
  operators: ['softmax'],
  masks: ['full', 'causal'],
  denseMask: 'boolean' as const,
  options: ['scale', 'softcap'],
};
const claims = Claims.of(createLibrary(), resolveCapabilities(declared, 'test'));

/** Shapes of 40 cases of a check. */
function shapesOf(request: { mask: string; feature?: 'all' | 'cross' }, shapes?: number): Set<string> {
  const arbitrary = caseArbitrary(claims, {
    operator: 'softmax',
    dtype: 'f32',
    needs: {},
    speed: 'fast',
    ...request,
    ...(shapes !== undefined && { shapes }),
  });
  return new Set(Array.from({ length: 40 }, (_, seed) => JSON.stringify(drawCase(arbitrary, seed).value.dims)));
}

it('all cases of few shapes have these, in every check of the same kind', () => {
  const full = shapesOf({ mask: 'full' }, 3);
  expect(full.size).toBe(3);
  expect(shapesOf({ mask: 'causal' }, 3)).toEqual(full);
  expect(shapesOf({ mask: 'full' }, 1).size).toBe(1);
  expect(shapesOf({ mask: 'full' }).size).toBeGreaterThan(20);
});

it('a feature and masks of blocks change some of them', () => {
  expect(shapesOf({ mask: 'any', feature: 'cross' }, 3).size).toBeLessThanOrEqual(12);
  expect(shapesOf({ mask: 'any', feature: 'all' }, 3).size).toBeLessThanOrEqual(16);
});
