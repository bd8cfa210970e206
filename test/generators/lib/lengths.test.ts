import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { cutLengths } from '../../../generators/lib/lengths.js';

test.prop([fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(60), { maxLength: 6 }), fc.boolean()])(
  'parts fit and add up',
  (units, unit, lengths, zeros) => {
    const fits = (length: number) => (length > 0 || zeros) && length % unit === 0;
    const parts = cutLengths(units * unit, lengths, fits);
    expect(parts.reduce((a, b) => a + b, 0)).toBe(units * unit);
    for (const part of parts) expect(fits(part)).toBe(true);
  },
);

test('a length is kept where it can be, and what is left is the last part', () => {
  expect(cutLengths(10, [3, 0, 4], () => true)).toEqual([3, 0, 4, 3]);
  expect(cutLengths(5, [3, 9, 4], () => true)).toEqual([3, 2, 0]);
  expect(cutLengths(5, [3, 9, 4], (length) => length > 0)).toEqual([3, 2]);
  expect(cutLengths(5, [], () => true)).toEqual([5]);
});
