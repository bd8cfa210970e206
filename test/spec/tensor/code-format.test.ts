import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type CodeFormat, type CodeRounding, codesOf } from '../../../spec/tensor/code-format.js';
import { encode as encodeFloat } from '../../../spec/tensor/float-bits.js';

const tables: CodeFormat[] = ['e4m3', 'e5m2', 'e2m1', 'e8m0', 'int8', 'int4'];
const anyNumber = fc.oneof(fc.double({ noNaN: true }), fc.double({ min: -700, max: 700, noNaN: true }));

describe('codes', () => {
  it.each(tables)('of %s are what their numbers encode to, and are ordered as their numbers are', (format) => {
    const { finite, decode, encode, rank, has } = codesOf(format);
    for (const code of finite) {
      expect(encode(decode(code), 'even', 'saturate')).toBe(code);
      expect(has(code)).toBe(true);
    }
    const ordered = finite.toSorted((a, b) => rank(a) - rank(b));
    for (const [i, code] of ordered.slice(1).entries()) expect(decode(code)).toBeGreaterThanOrEqual(decode(ordered[i]));
    expect(new Set(finite.map(rank)).size).toBe(finite.length);
  });

  it.each(tables)('of %s are the nearest, below or above, and saturate', (format) => {
    const { finite, decode, encode } = codesOf(format);
    const numbers = finite.map(decode);
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    fc.assert(
      fc.property(anyNumber, (x) => {
        const inside = Math.min(most, Math.max(least, x));
        const found = (rounding: CodeRounding) => decode(encode(x, rounding, 'saturate'));
        for (const rounding of ['even', 'away', 'half-up'] as const)
          expect(numbers.some((y) => Math.abs(y - inside) < Math.abs(found(rounding) - inside))).toBe(false);
        expect(found('down') + 0).toBe(Math.max(...numbers.filter((y) => y <= inside)) + 0);
        expect(found('up') + 0).toBe(Math.min(...numbers.filter((y) => y >= inside)) + 0);
      }),
    );
  });

  it.each<['e4m3' | 'e5m2', 'f8e4m3' | 'f8e5m2']>([
    ['e4m3', 'f8e4m3'],
    ['e5m2', 'f8e5m2'],
  ])('of %s that do not saturate are those of the element type', (format, dtype) => {
    const { encode, rank } = codesOf(format);
    fc.assert(
      fc.property(anyNumber, (x) => {
        expect(rank(encode(x, 'even', 'nan'))).toBe(rank(encodeFloat(dtype, x)));
      }),
    );
  });

  it.each<[CodeFormat, CodeRounding, readonly (readonly [number, number])[]]>([
    [
      'e2m1',
      'even',
      [
        [0.25, 0],
        [0.75, 1],
        [1.25, 1],
        [1.75, 2],
        [2.5, 2],
        [3.5, 4],
        [5, 4],
        [7.9, 6],
        [-2.5, -2],
      ],
    ],
    [
      'e2m1',
      'away',
      [
        [0.25, 0.5],
        [0.75, 1],
        [1.25, 1.5],
        [2.5, 3],
        [-2.5, -3],
      ],
    ],
    [
      'e4m3',
      'even',
      [
        [17, 16],
        [19, 20],
        [448, 448],
        [449, 448],
        [464, 448],
        [465, 448],
        [1e9, 448],
        [2 ** -10, 0],
        [3 * 2 ** -10, 2 ** -8],
      ],
    ],
    [
      'int8',
      'even',
      [
        [0.5, 0],
        [1.5, 2],
        [2.5, 2],
        [-0.5, 0],
        [200, 127],
        [-200, -128],
      ],
    ],
    [
      'int8',
      'away',
      [
        [0.5, 1],
        [1.5, 2],
        [2.5, 3],
        [-0.5, -1],
      ],
    ],
    [
      'int4',
      'half-up',
      [
        [0.5, 1],
        [-0.5, 0],
        [-1.5, -1],
        [8, 7],
      ],
    ],
    [
      'e8m0',
      'down',
      [
        [449 / 256, 1],
        [1, 1],
        [0.99, 0.5],
        [0, 2 ** -127],
      ],
    ],
    [
      'e8m0',
      'up',
      [
        [449 / 448, 2],
        [1, 1],
        [0.99, 1],
        [0, 2 ** -127],
      ],
    ],
  ])('of %s rounded %s are those of the published tables', (format, rounding, table) => {
    const { decode, encode } = codesOf(format);
    for (const [x, expected] of table) expect(decode(encode(x, rounding, 'saturate')) + 0, String(x)).toBe(expected);
  });

  it('keep the sign of zero and of what rounds to it', () => {
    for (const format of ['e4m3', 'e2m1'] as const) {
      const { decode, encode } = codesOf(format);
      for (const x of [-0, -(2 ** -20)]) expect(decode(encode(x, 'even', 'saturate'))).toBe(-0);
      for (const x of [0, 2 ** -20]) expect(decode(encode(x, 'even', 'saturate'))).toBe(0);
    }
  });

  it('are NaN beyond the largest number where a rule says so, and of NaN always', () => {
    const { decode, encode } = codesOf('e4m3');
    expect(decode(encode(464, 'even', 'nan'))).toBe(448);
    for (const x of [464.1, 465, 1e9, Infinity]) for (const y of [x, -x]) expect(decode(encode(y, 'even', 'nan'))).toBeNaN();
    for (const overflow of ['saturate', 'nan'] as const) expect(decode(encode(NaN, 'even', overflow))).toBeNaN();
    expect(decode(encode(-Infinity, 'even', 'saturate'))).toBe(-448);
  });

  it('of f16 and f32 are the numbers, rounded', () => {
    expect(codesOf('f16').encode(65520, 'even', 'nan')).toBe(Infinity);
    expect(codesOf('f16').encode(1e9, 'even', 'saturate')).toBe(65504);
    expect(codesOf('f16').encode(2 ** -26, 'even', 'nan')).toBe(0);
    expect(codesOf('f32').encode(0.1, 'even', 'nan')).toBe(Math.fround(0.1));
    expect(codesOf('f16').rank(1 + 2 ** -10) - codesOf('f16').rank(1)).toBe(1);
    expect(() => codesOf('f32').encode(1, 'away', 'nan')).toThrow(RangeError);
  });
});
