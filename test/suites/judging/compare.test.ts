import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedBound } from '../../../spec/oracle/output-bound.js';
import { floatFormats } from '../../../spec/tensor/dtype.js';
import { tensorOf } from '../../../spec/tensor/tensor.js';
import { compareOutput, worse } from '../../../suites/judging/compare.js';
import { type Comparand, unravel } from '../../../suites/judging/compared.js';
import { comparand } from './comparand.js';

const special = [NaN, Infinity, -Infinity];

describe('compareOutput', () => {
  it('accepts what lies within e(1 + u) + u|r| + w and nothing else', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e3, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (r, e, k) => {
          const x = Math.fround(r + k * e);
          const limit = e * (1 + 2 ** -24) + 2 ** -24 * Math.abs(r) + 2 ** -150;
          expect(compareOutput(comparand([x], [r], [e])).worst === undefined).toBe(Math.abs(x - r) <= limit);
        },
      ),
    );
  });

  it('accepts what the bound after a store accepts, at the ends of the type and beyond it too', () => {
    const { max } = floatFormats.f32;
    const numbers = fc.oneof(
      fc.double(),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.constantFrom(0, -0, max, -max, max * (1 + 2 ** -25)),
    );
    const bounds = fc.oneof(fc.double({ min: 0, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, Infinity));
    fc.assert(
      fc.property(numbers, numbers, bounds, fc.double({ min: -2, max: 2, noNaN: true }), fc.boolean(), (r, other, e, k, flushToZero) => {
        for (const x of [Math.fround(other), Math.fround(r + k * e)]) {
          const { worst, statistics } = compareOutput(comparand([x], [r], [e], { flushToZero }));
          const limit = storedBound(r, e, 'f32', flushToZero);
          const isSame = x === r || (Number.isNaN(x) && Number.isNaN(r));
          expect(worst === undefined).toBe(limit === Infinity || isSame || Math.abs(x - r) <= limit);
          expect([statistics.elements, statistics.undecided]).toEqual(limit === Infinity ? [0, 1] : [1, 0]);
        }
      }),
    );
  });

  it('counts the zeros of empty rows that are negative, and no others', () => {
    const empty = { rows: Uint8Array.of(1, 1, 1, 0), rule: 'exact' as const };
    const zeros = (more: Partial<Comparand>) =>
      compareOutput(comparand([-0, 0, -0, -0], [0, 0, 0, 0], [0, 0, 0, 0], more)).statistics.zeroSigns;
    expect(zeros({ empty })).toEqual({ hidden: 0, empty: 2 });
    expect(zeros({})).toBeUndefined();
    // a gradient has the sign of what it is summed from
    expect(zeros({ empty, class: 'gradient' })).toBeUndefined();
    expect(
      compareOutput(comparand([0, 0], [0, 0], [0, 0], { empty: { rows: Uint8Array.of(1, 1), rule: 'exact' } })).statistics.zeroSigns,
    ).toBeUndefined();
  });

  it('never passes a NaN or an infinity where a number is expected', () => {
    for (const x of special) expect(compareOutput(comparand([x], [1], [1e30])).worst?.class).toBe('nan');
  });

  it('never passes a number where NaN or an infinity is expected, nor infinities of the other sign', () => {
    for (const r of special) expect(compareOutput(comparand([1], [r], [0])).worst?.class).toBe('nan');
    expect(compareOutput(comparand([Infinity], [-Infinity], [0])).worst?.class).toBe('nan');
    expect(compareOutput(comparand([NaN], [-Infinity], [0])).worst?.class).toBe('nan');
  });

  it('passes the same infinity, and NaN where exactly NaN is expected', () => {
    for (const r of special) expect(compareOutput(comparand([r], [r], [0])).worst).toBeUndefined();
  });

  it('leaves elements with an infinite bound, or that may overflow the output type, undecided', () => {
    const wide = compareOutput(comparand([NaN, 1], [1, 1], [Infinity, 0]));
    expect(wide.worst).toBeUndefined();
    expect(wide.statistics).toMatchObject({ elements: 1, undecided: 1 });
    const overflowing = compareOutput({ ...comparand([0], [65000], [1000]), actual: tensorOf('f16', [1], [Infinity]) });
    expect(overflowing.statistics.undecided).toBe(1);
  });

  it('holds an element beyond its bound to that of the second form, where it is larger', () => {
    const judged = (actual: number, second: number) => {
      const one = comparand([actual], [1], [0.1]);
      return compareOutput({ ...one, expected: { ...one.expected, second: () => Float64Array.of(second) } });
    };
    expect(judged(1.3, 0.5).worst).toBeUndefined();
    expect(judged(1.3, 0.5).statistics.maxOverBound).toBeCloseTo(0.6, 5);
    expect(judged(1.3, 0.2).worst?.bound).toBeCloseTo(0.2, 5);
    expect(judged(1.3, 0.05).worst?.bound).toBeCloseTo(0.1, 5);
    // another order may have any error there, as by a divisor that may be 0
    expect(judged(1.3, Infinity)).toMatchObject({ statistics: { undecided: 1, elements: 0 } });
    expect(judged(1.3, Infinity).worst).toBeUndefined();
    expect(judged(NaN, 1e30).worst?.class).toBe('nan');
    // off by 40,000 bounds: no order of computation is the cause
    for (const second of [1e30, Infinity]) expect(judged(4001, second).worst?.bound).toBeCloseTo(0.1, 5);
  });

  it('holds errors that underflow may cause to the bound of the second form, however many bounds they are', () => {
    const judged = (second: number) => {
      const one = comparand([3e-40], [2e-40], [0]);
      return compareOutput({ ...one, expected: { ...one.expected, second: () => Float64Array.of(second) } });
    };
    expect(judged(2e-40).worst).toBeUndefined();
    expect(judged(1e-42).worst?.class).toBe('value');
  });

  it('asks the second form for nothing that is within its bound', () => {
    const one = comparand([1.05], [1], [0.1]);
    const second = () => {
      throw new Error('asked');
    };
    expect(compareOutput({ ...one, expected: { ...one.expected, second } }).worst).toBeUndefined();
  });

  it('throws where the bound is not a number', () => {
    expect(() => compareOutput(comparand([1], [1], [NaN]))).toThrow(/bound of o\[0\]/);
  });

  it('takes the rounding from the type received', () => {
    const value = [1 / 3];
    const f16 = { ...comparand([0], value, [0]), actual: tensorOf('f16', [1], value) };
    expect(compareOutput(f16).worst).toBeUndefined();
    expect(compareOutput(comparand([Math.fround(1 / 3) + 2 ** -14], value, [0])).worst?.class).toBe('value');
  });

  it('reports by class first: a plain wrong number, then NaN, then rows without keys; among those the largest error over bound', () => {
    const empty = { rows: Uint8Array.of(0, 0, 1, 0), rule: 'exact' as const };
    const value = [1, 1, 0, 1];
    const bound = [0.1, 0.1, 0, 0.1];
    expect(compareOutput(comparand([1, 1, 2, 1], value, bound, { empty })).worst).toMatchObject({ class: 'empty-row', index: [2] });
    expect(compareOutput(comparand([1, 1, 2, NaN], value, bound, { empty })).worst).toMatchObject({ class: 'nan', index: [3] });
    expect(compareOutput(comparand([5, 9, 2, NaN], value, bound, { empty })).worst).toMatchObject({
      class: 'value',
      index: [1],
      actual: 9,
    });
  });

  it('judges rows without keys exactly, within their bound, or as any finite number of at most −1e4', () => {
    const rows = Uint8Array.of(1);
    const verdict = (rule: 'exact' | 'bounded' | 'finite', x: number, r: number, e = 0) =>
      compareOutput(comparand([x], [r], [e], { empty: { rows, rule } })).worst?.class;
    expect(verdict('exact', 1e-45, 0)).toBe('empty-row');
    expect(verdict('exact', NaN, 0)).toBe('empty-row');
    expect(verdict('exact', NaN, NaN)).toBeUndefined();
    expect(verdict('exact', -Infinity, -Infinity)).toBeUndefined();
    expect(verdict('bounded', 1.05, 1, 0.1)).toBeUndefined();
    expect(verdict('bounded', 1.2, 1, 0.1)).toBe('empty-row');
    expect(verdict('finite', -1e4, -Infinity)).toBeUndefined();
    for (const x of [-9999, -Infinity, Infinity, NaN, 0]) expect(verdict('finite', x, -Infinity)).toBe('empty-row');
  });

  it('counts errors over bound in tenths, and in units of the last place', () => {
    const { statistics } = compareOutput(comparand([1, 1.05, 1.0999, 3], [1, 1, 1, 1], [0.1, 0.1, 0.1, 0.1]));
    expect(statistics.histogram).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1]);
    expect(statistics.maxOverBound).toBeCloseTo(20, 3);
    expect(statistics.maxUlp).toBeCloseTo(2 * 2 ** 23, 0);
  });

  it('sums up the errors of normal numbers within their bound, upwards and away from zero', () => {
    const { errors } = compareOutput(comparand([1.25, -1.25, 0.5, 3, 1e-40], [1, -1, 1, 1, 0], [1, 1, 1, 1, 1]));
    expect(errors.elements).toBe(3);
    expect(errors.absolute).toBeCloseTo(1, 5);
    expect(errors.squares).toBeCloseTo(0.375, 5);
    expect(errors.upwards).toBeCloseTo(-0.5, 5);
    expect(errors.outwards).toBeCloseTo(0, 5);
  });
});

describe('worse', () => {
  it('keeps the earlier of two that are alike', () => {
    const a = { class: 'value', output: 'o', index: [0], expected: 0, actual: 1, bound: 1, ratio: 2 };
    const b = { ...a, index: [1] };
    expect(worse(a, b)).toBe(a);
    expect(worse(a, { ...b, ratio: 3 })?.index).toEqual([1]);
    expect(worse({ ...a, class: 'lse', ratio: 9 }, b)).toBe(b);
    expect(worse(undefined, b)).toBe(b);
  });
});

describe('unravel', () => {
  it('inverts the row-major index', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }), fc.nat(), (shape, x) => {
        const flat = x % shape.reduce((a, b) => a * b, 1);
        expect(unravel(flat, shape).reduce((at, i, axis) => at * shape[axis] + i, 0)).toBe(flat);
      }),
    );
  });
});
