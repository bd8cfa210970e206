import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logSumExp, merge, mergeBounded } from '../../../suites/judging/merge.js';

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const part = fc.record({
  o: finite(-10, 10),
  lse: fc.oneof({ arbitrary: finite(-20, 20), weight: 4 }, { arbitrary: fc.constant(-Infinity), weight: 1 }),
  oBound: finite(0, 1e-2),
  lseBound: finite(0, 0.1),
  dO: finite(-1, 1),
  dLse: finite(-1, 1),
});

const arrays = (o: number, lse: number, oBound = 0, lseBound = 0) => ({
  o: Float64Array.of(o),
  lse: Float64Array.of(lse),
  oBound: Float64Array.of(oBound),
  lseBound: Float64Array.of(lseBound),
});

describe('merge', () => {
  it('is attention over the keys of all parts, however they are cut', () => {
    const keys = fc.array(fc.record({ s: finite(-30, 30), v: finite(-5, 5), part: fc.integer({ min: 0, max: 3 }) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(keys, (all) => {
        const attend = (some: typeof all) => {
          if (some.length === 0) return arrays(0, -Infinity);
          const lse = logSumExp(some.map(({ s }) => s));
          return arrays(
            some.reduce((sum, { s, v }) => sum + Math.exp(s - lse) * v, 0),
            lse,
          );
        };
        const whole = attend(all);
        const merged = merge(
          [0, 1, 2, 3].map((p) => attend(all.filter((key) => key.part === p))),
          1,
        );
        expect(Math.abs(merged.o[0] - whole.o[0])).toBeLessThan(1e-13);
        expect(Math.abs(merged.lse[0] - whole.lse[0])).toBeLessThan(1e-13);
      }),
    );
  });

  it('does not lose accuracy to the size of the LSEs', () => {
    const parts = (shift: number) => [arrays(0.3, shift), arrays(-0.7, shift + 0.5), arrays(0.1, shift - 1)];
    const [small] = merge(parts(0), 1).o;
    expect(Math.abs(merge(parts(4096), 1).o[0] - small)).toBeLessThanOrEqual(2 ** -53);
  });

  it('gives (0, −∞) where no part has weight, and NaN where one is NaN', () => {
    const nothing = merge([arrays(5, -Infinity), arrays(7, -Infinity)], 1);
    expect([nothing.o[0], nothing.lse[0]]).toEqual([0, -Infinity]);
    expect(merge([arrays(1, 0), arrays(1, NaN)], 1)).toEqual({ o: Float64Array.of(NaN), lse: Float64Array.of(NaN) });
  });
});

describe('mergeBounded', () => {
  it('bounds the merge of parts that are off by at most their bounds', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const exact = mergeBounded(
          parts.map((p) => arrays(p.lse === -Infinity ? 0 : p.o, p.lse, p.oBound, p.lseBound)),
          1,
        );
        const actual = merge(
          parts.map((p) => arrays(p.lse === -Infinity ? 0 : p.o + p.dO * p.oBound, p.lse + p.dLse * p.lseBound)),
          1,
        );
        expect(Math.abs(actual.o[0] - exact.o[0])).toBeLessThanOrEqual(exact.oBound[0]);
        if (exact.lse[0] !== -Infinity) expect(Math.abs(actual.lse[0] - exact.lse[0])).toBeLessThanOrEqual(exact.lseBound[0]);
      }),
      { numRuns: 2000 },
    );
  });

  it('bounds what underflows', () => {
    const bound = 3.984251790505425e-309;
    const nothing = arrays(0, 0);
    const { o, oBound } = mergeBounded([arrays(0, 19.855000537539638, bound), nothing, nothing, nothing], 1);
    const actual = merge([arrays(-0.9999999999999982 * bound, 19.855000537539638), nothing, nothing, nothing], 1);
    expect(Math.abs(actual.o[0] - o[0])).toBeLessThanOrEqual(oBound[0]);
  });

  it('is no wider than the bound of the parts where they agree', () => {
    const { oBound, lseBound } = mergeBounded([arrays(3, 1, 0.5, 0.25), arrays(3, 2, 0.5, 0.25)], 1);
    expect(oBound[0]).toBeCloseTo(0.5 * Math.exp(0.5), 12);
    expect(lseBound[0]).toBeCloseTo(0.25, 12);
  });

  it('is infinite where a part is undecided, unless it has no weight', () => {
    expect(mergeBounded([arrays(1, 0, 0, 0), arrays(1, 0, Infinity, 0)], 1).oBound[0]).toBe(Infinity);
    expect(mergeBounded([arrays(1, 0, 0, 0), arrays(1, 0, 0, Infinity)], 1)).toMatchObject({
      oBound: Float64Array.of(Infinity),
      lseBound: Float64Array.of(Infinity),
    });
    expect(mergeBounded([arrays(1, 0, 0, 0), arrays(0, -Infinity, Infinity, Infinity)], 1).oBound[0]).toBeLessThan(1e-12);
    expect(mergeBounded([arrays(0, -Infinity)], 1)).toMatchObject({ oBound: Float64Array.of(0), lseBound: Float64Array.of(0) });
  });
});
