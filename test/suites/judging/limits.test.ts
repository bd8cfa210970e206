import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canDiffer } from '../../../suites/judging/limits.js';

const limit = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
  fc.record(
    { min: fc.integer({ min: 1, max: 12 }), max: fc.integer({ min: 12, max: 16 }), multipleOf: fc.integer({ min: 1, max: 4 }) },
    { requiredKeys: ['max'] },
  ),
);
type Sizes = number[] | { min?: number; max: number; multipleOf?: number };

test('agrees with trying every size', () => {
  const sizes = (l: Sizes) =>
    Array.from({ length: 16 }, (_, i) => i + 1).filter((s) =>
      Array.isArray(l) ? l.includes(s) : s >= (l.min ?? 1) && s <= l.max && s % (l.multipleOf ?? 1) === 0,
    );
  fc.assert(
    fc.property(limit, limit, (a: Sizes, b: Sizes) => {
      expect(canDiffer({ a, b }, 'a', 'b')).toBe(sizes(a).some((s) => sizes(b).some((t) => s !== t)));
    }),
    { numRuns: 500 },
  );
});

test('dimensions without limits are free, those that are tied are one', () => {
  expect(canDiffer({}, 'm', 'n')).toBe(true);
  expect(canDiffer({ m: '=n' }, 'm', 'n')).toBe(false);
  expect(canDiffer({ m: '=d', n: '=d' }, 'm', 'n')).toBe(false);
  expect(canDiffer({ m: '=n', n: '=m' }, 'm', 'n')).toBe(false);
  expect(canDiffer({ d: '=m', m: '=n', n: '=m' }, 'd', 'n')).toBe(false);
});
