import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { type DType, floatFormats } from '../../../spec/tensor/dtype.js';
import { decodeTable, encode, roundTo } from '../../../spec/tensor/float-bits.js';

const narrow = ['f16', 'bf16', 'f8e4m3', 'f8e5m2'] as const;

/** The nearest entries of the table of all values, by search: what rounding has to agree with. */
function nearestOf(dtype: DType, x: number): number[] {
  let best: number[] = [];
  let distance = Infinity;
  for (const y of decodeTable(dtype)) {
    const d = Math.abs(y - x);
    if (d < distance) [best, distance] = [[y], d];
    else if (d === distance) best.push(y);
  }
  return best;
}

describe.each(narrow)('%s', (dtype) => {
  test('decodes and encodes every bit pattern', () => {
    decodeTable(dtype).forEach((value, bits) => {
      if (Number.isNaN(value)) expect(roundTo(dtype, value)).toBeNaN();
      else expect(encode(dtype, value)).toBe(bits);
    });
  });

  test('has the extremes of its format', () => {
    const finite = decodeTable(dtype).filter((x) => Number.isFinite(x));
    const { max, smallestSubnormal } = floatFormats[dtype];
    expect(Math.max(...finite)).toBe(max);
    expect(Math.min(...finite.filter((x) => x > 0))).toBe(smallestSubnormal);
  });

  const within = fc.double({ min: -1, max: 1, noNaN: true }).chain((x) => fc.integer({ min: -30, max: 15 }).map((e) => x * 2 ** e));
  test.prop([within.filter((x) => Math.abs(x) <= floatFormats[dtype].max)], { numRuns: dtype.startsWith('f8') ? 300 : 40 })(
    'rounds to a nearest value',
    (x) => {
      const single = Math.fround(x);
      expect(nearestOf(dtype, single)).toContain(roundTo(dtype, single));
    },
  );

  test('rounds ties to even', () => {
    const { roundoff } = floatFormats[dtype];
    expect(roundTo(dtype, 1 + roundoff)).toBe(1);
    expect(roundTo(dtype, 1 + 3 * roundoff)).toBe(1 + 4 * roundoff);
  });
});
