import { expect, test } from 'vitest';
import { workOf } from '../../../generators/dims/budget.js';
import { workLimit } from '../../../generators/dims/dims.js';
import type { CaseNeeds } from '../../../generators/lib/needs.js';
import { drawCase } from '../../../generators/lib/seeds.js';
import { plantedKey } from '../../../generators/values/planted-key.js';
import { caseArbitrary, whyUndrawable } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import type { Capabilities, Case } from '../../../spec/types/documents.js';
import { capable, library, request, softmax } from '../capable.js';

const wanted = request({ needs: { boundaries: true, distributions: ['normal', 'planted'] } });

function cases(count: number, claims: Partial<Capabilities> = {}): Case[] {
  const arbitrary = caseArbitrary(Claims.of(library, capable(claims)), wanted);
  return Array.from({ length: count }, (_, seed) => drawCase(arbitrary, seed).value);
}

test('sizes are drawn where 16 bits end, and the last key weighs there', () => {
  const drawn = cases(400);
  const share = (holds: (c: Case) => boolean) => drawn.filter(holds).length / drawn.length;
  for (const size of [65535, 65536, 65537]) expect(share(({ dims }) => dims.n === size)).toBeGreaterThan(0.02);
  expect(
    share(({ dims, values }) => dims.n === 65537 && values.distribution === 'planted' && plantedKey(values.seed, 65537) === 65536),
  ).toBeGreaterThan(0.06);
  expect(share(({ dims }) => dims.m === 65537)).toBeGreaterThan(0.04);
  expect(share(({ dims }) => dims.d > 65 && dims.m * dims.n < 100)).toBeGreaterThan(0.05);
  for (const { dims } of drawn) expect(workOf(dims)).toBeLessThanOrEqual(workLimit(softmax, wanted));
});

test('they stay within limits, and where a size costs a compilation there are few', () => {
  for (const { dims } of cases(100, { limits: { d: [64, 128], e: '=d', n: { max: 4096 }, m: { multipleOf: 16 } } })) {
    expect([64, 128]).toContain(dims.d);
    expect(dims.n).toBeLessThanOrEqual(4096);
    expect(dims.m % 16).toBe(0);
  }
  const compiled = cases(200, { compilesPer: ['m', 'n', 'd', 'e'] });
  for (const axis of ['m', 'n', 'd', 'e'] as const)
    expect(new Set(compiled.map(({ dims }) => dims[axis])).size, axis).toBeLessThanOrEqual(5);
});

test('limits of a property are held beside those of the implementation', () => {
  const needs = { limits: { n: [2, 4, 8, 16, 32, 64], b: { min: 2 } } };
  const arbitrary = caseArbitrary(Claims.of(library, capable({ limits: { n: { max: 20 } } })), request({ needs }));
  for (let seed = 0; seed < 100; seed++) {
    const { n, b } = drawCase(arbitrary, seed).value.dims;
    expect([2, 4, 8, 16]).toContain(n);
    expect(b).toBeGreaterThan(1);
  }
  expect(whyUndrawable(Claims.of(library, capable({ limits: { n: { min: 65 } } })), request({ needs }))).toMatch(/no size for n/);
  expect(whyUndrawable(Claims.of(library, capable({ limits: { b: [1] } })), request({ needs }))).toMatch(/no size for b/);
});

test('where batches change, no mask but padding has a part for each entry', () => {
  const own = { ...library.masks.get('padding'), name: 'own-padding' };
  const wider = createLibrary([{ kind: 'maskSpec', document: 'own', value: own }]);
  const names = (needs: CaseNeeds) => {
    const arbitrary = caseArbitrary(Claims.of(wider, capable()), request({ needs }));
    return new Set(
      Array.from({ length: 300 }, (_, seed) => drawCase(arbitrary, seed).value.mask).map((mask) => ('name' in mask ? mask.name : '')),
    );
  };
  expect(names({})).toContain('own-padding');
  expect(names({ batches: true })).not.toContain('own-padding');
  expect(names({ batches: true })).toContain('padding');
});
