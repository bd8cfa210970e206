import fc from 'fast-check';
import { expect, it } from 'vitest';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Property } from '../../../suites/contract/property.js';
import { propertyNamed } from '../../../suites/properties/index.js';
import { CaseStream } from '../../../suites/runner/run/case-stream.js';

const claims = Claims.of(createLibrary(), resolveCapabilities({ dtypes: ['f32'], operators: ['softmax'] }, 'mine'));

const cases = (distribution: Case['values']['distribution']) =>
  [100, 200, 300, 400].map(
    (n): Case => ({
      operator: 'softmax',
      dims: { b: 1, hk: 1, g: 1, m: 1, n, d: 64, e: 64 },
      mask: { name: 'full' },
      options: {},
      dtype: 'f32',
      layout: 'bhld',
      values: { distribution, seed: 0 },
    }),
  );

it.each(['targeted', 'normal'] as const)(
  'after a case that memory did not allow, cases of long sequences are shorter (%s)',
  (distribution) => {
    const all = cases(distribution);
    const stream = new CaseStream(fc.constantFrom(...all), 5, propertyNamed('long-targeted') as Property, claims);
    const lengths = (from: number) => new Set(Array.from({ length: 40 }, (_, x) => stream.draw(from + x)?.value.value.dims.n));
    expect(lengths(0)).toEqual(new Set([100, 200, 300, 400]));
    stream.leaveOut(all[2]);
    expect(lengths(40)).toEqual(new Set(distribution === 'targeted' ? [100, 200] : [100, 200, 300, 400]));
    stream.leaveOut(all[0]);
    expect(stream.draw(90) === undefined).toBe(distribution === 'targeted');
  },
);

it.each(['long-targeted', 'oracle'])('every second case of a long sequence is among the longest that are drawn (%s)', (name) => {
  const [base] = cases('targeted');
  const all = [100, 2 ** 15, 2 ** 17, 160_001].map((n): Case => ({ ...base, dims: { ...base.dims, n } }));
  const stream = new CaseStream(fc.constantFrom(...all), 7, propertyNamed(name) as Property, claims);
  const lengths = Array.from({ length: 60 }, (_, index) => stream.draw(index)?.value.value.dims.n ?? 0);
  const far = (parity: number) => lengths.filter((n, index) => index % 2 === parity && n >= 2 ** 17).length;
  expect(far(0)).toBeLessThan(25);
  expect(far(1) === 30).toBe(name === 'long-targeted');
});

it('a kernel that none of the longest fits is asked shorter ones', () => {
  const stream = new CaseStream(fc.constantFrom(...cases('targeted')), 7, propertyNamed('long-targeted') as Property, claims);
  expect([0, 1, 2, 3].map((index) => stream.draw(index) !== undefined)).toEqual([true, true, true, true]);
});
