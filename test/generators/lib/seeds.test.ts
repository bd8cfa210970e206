import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { caseSeed, drawCase, hashText, randomOf } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import { capable, library, request } from '../capable.js';

test('the same seed gives the same case', () => {
  const again = caseArbitrary(Claims.of(library, capable()), request({ feature: 'all' }));
  const arbitrary = caseArbitrary(Claims.of(library, capable()), request({ feature: 'all' }));
  for (let seed = 0; seed < 200; seed++) expect(drawCase(again, seed).value).toEqual(drawCase(arbitrary, seed).value);
});

test('different ids, indices and attempts give different seeds', () => {
  const ids = ['softmax/causal/oracle/f32', 'softmax/causal/oracle/f16', 'softmax/full/oracle/f32', 'ab', 'ba', ''];
  const seeds = [0, 1].flatMap((seed) => ids.map((id) => hashText(seed, id)));
  expect(new Set(seeds).size).toBe(seeds.length);
  const cases = ids.flatMap((id) => Array.from({ length: 100 }, (_, x) => caseSeed(hashText(0, id), x >> 2, x & 3)));
  expect(new Set(cases).size).toBe(cases.length);
});

test.prop([fc.integer(), fc.string(), fc.nat(), fc.nat(8)])('seeds are 32 bits', (seed, text, index, attempt) => {
  for (const hash of [hashText(seed, text), caseSeed(hashText(seed, text), index, attempt)]) expect(hash).toBe(hash >>> 0);
});

test('neighbouring seeds give unrelated numbers', () => {
  const firsts = Array.from({ length: 2000 }, (_, seed) => randomOf(seed).nextInt(0, 9));
  for (let digit = 0; digit < 10; digit++) expect(firsts.filter((x) => x === digit).length).toBeGreaterThan(140);
});
