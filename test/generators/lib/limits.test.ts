import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { allowedBy, atLeast, atMost, intersect, isAllowed, saturate, withinLimits } from '../../../generators/lib/limits.js';

const limit = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
  fc.record(
    { min: fc.integer({ min: 1, max: 40 }), max: fc.integer({ min: 1, max: 60 }), multipleOf: fc.integer({ min: 1, max: 9 }) },
    { requiredKeys: [] },
  ),
);
const sizes = Array.from({ length: 100 }, (_, i) => i + 1);

test.prop([limit, limit, fc.integer({ min: 1, max: 80 })])('the nearest allowed sizes are those of a search', (x, y, size) => {
  const allowed = intersect(allowedBy(x), allowedBy(y));
  const both = sizes.filter((s) => isAllowed(allowedBy(x), s) && isAllowed(allowedBy(y), s));
  expect(sizes.filter((s) => isAllowed(allowed, s))).toEqual(both);
  expect(atMost(allowed, size)).toBe(both.findLast((s) => s <= size));
  const next = both.find((s) => s >= size);
  if (next !== undefined) expect(atLeast(allowed, size)).toBe(next);
  expect(saturate(allowed, size)).toBe(both.findLast((s) => s <= size) ?? atLeast(allowed, size));
});

test('limits of a whole case', () => {
  const limits = { d: [64, 128], e: '=d', n: { min: 16, multipleOf: 16 } };
  expect(withinLimits(limits, { d: 64, e: 64, n: 32 })).toBe(true);
  expect(withinLimits(limits, { d: 64, e: 128, n: 32 })).toBe(false);
  expect(withinLimits(limits, { d: 64, e: 64, n: 40 })).toBe(false);
  expect(withinLimits(limits, { d: 32, e: 32, n: 32 })).toBe(false);
});
