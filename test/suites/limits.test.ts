import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canBe, canDiffer, canEqual, canExceed } from '../../suites/limits.js';

const limit = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
  fc.record({ min: fc.integer({ min: 1, max: 12 }), max: fc.integer({ min: 12, max: 16 }), multipleOf: fc.integer({ min: 1, max: 4 }) }, { requiredKeys: ['max'] }),
);

test('agrees with trying every size', () => {
  fc.assert(
    fc.property(limit, fc.oneof(limit, fc.constant('=a')), (a, b) => {
      const limits = { a, b };
      const of = (l: typeof a) => Array.from({ length: 16 }, (_, i) => i + 1).filter((s) => (Array.isArray(l) ? l.includes(s) : s >= (l.min ?? 1) && s <= l.max && s % (l.multipleOf ?? 1) === 0));
      const pairs = typeof b === 'string' ? of(a).map((s) => [s, s]) : of(a).flatMap((s) => of(b).map((t) => [s, t]));
      expect(canEqual(limits, 'a', 'b')).toBe(pairs.some(([s, t]) => s === t));
      expect(canDiffer(limits, 'a', 'b')).toBe(pairs.some(([s, t]) => s !== t));
      expect(canExceed(limits, 'a', 7)).toBe(of(a).some((s) => s > 7));
      expect(canBe(limits, 'a', 7)).toBe(of(a).includes(7));
    }),
    { numRuns: 500 },
  );
});

test('dimensions without limits are free', () => {
  expect([canEqual({}, 'm', 'n'), canDiffer({}, 'm', 'n'), canExceed({}, 'g', 1), canBe({}, 'g', 1)]).toEqual([true, true, true, true]);
  expect(canDiffer({ m: '=n', n: '=m' }, 'm', 'n')).toBe(false);
});
