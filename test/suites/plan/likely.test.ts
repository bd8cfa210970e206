import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../../suites/contract/check.js';
import { likelyFirst } from '../../../suites/plan/likely.js';

const checks = fc.array(
  fc.record({
    adapter: fc.constantFrom('a', 'b'),
    operator: fc.constantFrom('softmax', 'gla'),
    property: fc.constantFrom('strided', 'oracle', 'gradient', 'visibility'),
    mask: fc.constantFrom('full', 'causal'),
    dtype: fc.constantFrom('f32', 'f16'),
    feature: fc.constantFrom(undefined, 'all', 'grouped'),
  }),
) as unknown as fc.Arbitrary<Check[]>;

describe('the order of checks that are likely to fail', () => {
  it('has every check once, and the same for any order of the same kind', () => {
    fc.assert(
      fc.property(checks, (all) => {
        const ordered = likelyFirst(all);
        expect(new Set(ordered)).toEqual(new Set(all));
        expect(ordered).toHaveLength(all.length);
      }),
    );
  });

  it('asks each property once before it asks one of them again, and the oracle first', () => {
    fc.assert(
      fc.property(checks, (all) => {
        const own = likelyFirst(all.filter(({ adapter, operator, dtype }) => adapter === 'a' && operator === 'gla' && dtype === 'f32'));
        const kinds = new Set(own.map(({ property }) => property));
        expect(new Set(own.slice(0, kinds.size).map(({ property }) => property))).toEqual(kinds);
        if (kinds.has('oracle')) expect(own[0].property).toBe('oracle');
      }),
    );
  });
});
