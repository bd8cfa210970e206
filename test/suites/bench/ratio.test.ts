import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driftOf, median, pairedRatio } from '../../../suites/bench/ratio.js';

const times = fc.array(fc.double({ min: 0.01, max: 1000, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('a median', () => {
  it('has as many values on either side', () => {
    fc.assert(
      fc.property(times, (values) => {
        const middle = median(values);
        const below = values.filter((x) => x < middle).length;
        const above = values.filter((x) => x > middle).length;
        expect(below).toBeLessThanOrEqual(values.length / 2);
        expect(above).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('a paired ratio', () => {
  it('is what one is times as slow as the other, whatever disturbs both', () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0.1, max: 10, noNaN: true }), (base, factor) => {
        const ratio = pairedRatio(
          base.map((time) => time * factor),
          base,
        );
        expect(ratio?.pairs).toBe(base.length);
        for (const value of [ratio?.p50, ratio?.low, ratio?.high]) expect(value).toBeCloseTo(factor, 9);
      }),
    );
  });

  it('lies in its interval, which grows no wider than the pairs', () => {
    fc.assert(
      fc.property(times, times, (a, b) => {
        const ratio = pairedRatio(a, b) as NonNullable<ReturnType<typeof pairedRatio>>;
        const all = a.slice(0, b.length).map((time, x) => time / b[x]);
        expect(ratio.low).toBeLessThanOrEqual(ratio.p50);
        expect(ratio.high).toBeGreaterThanOrEqual(ratio.p50);
        expect(ratio.low).toBeGreaterThanOrEqual(Math.min(...all));
        expect(ratio.high).toBeLessThanOrEqual(Math.max(...all));
      }),
    );
  });

  it('covers the true median in about 95 of 100 samples', () => {
    let covered = 0;
    const samples = fc.sample(fc.array(fc.double({ min: 0.5, max: 1.5, noNaN: true }), { minLength: 30, maxLength: 30 }), {
      numRuns: 400,
      seed: 7,
    });
    // doubles are drawn towards the ends; their ranks are even
    for (const values of samples) {
      const ranks = values.map((x) => 1 + (((x * 1e9) % 1000) - 500) / 1000);
      const { low, high } = pairedRatio(
        ranks,
        ranks.map(() => 1),
      ) as NonNullable<ReturnType<typeof pairedRatio>>;
      if (low <= 1 && high >= 1) covered++;
    }
    expect(covered).toBeGreaterThan(0.9 * samples.length);
  });
});

describe('drift', () => {
  it('is 1 where nothing changes, and what the second half has more', () => {
    expect(driftOf([2, 2, 2, 2])).toBe(1);
    expect(driftOf([1, 1, 3, 3])).toBe(3);
    expect(driftOf([5])).toBe(1);
  });
});
