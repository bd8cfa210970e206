import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { bytes, copyOf, floats, integers, madeFor, withScratch } from '../../../spec/program/scratch.js';

const lengths = fc.array(fc.oneof(fc.nat(40), fc.nat(5000), fc.constantFrom(131_072, 131_073)), { maxLength: 12 });

/** Tells whether an array holds nothing but a number. */
function holds(array: Float64Array | Uint8Array, x: number): boolean {
  for (let i = 0; i < array.length; i++) if (array[i] !== x) return false;
  return true;
}

/** Arrays of both kinds, filled with numbers of their own. */
function filled(sizes: readonly number[], from: number): (Float64Array | Uint8Array)[] {
  return sizes.map((length, i) => {
    const made = i % 3 === 0 ? bytes(length) : i % 3 === 1 ? floats(length) : copyOf(new Float64Array(length));
    expect(holds(made, 0)).toBe(true);
    return made.fill((from + i) % 200);
  });
}

function expectFilled(arrays: readonly (Float64Array | Uint8Array)[], from: number): void {
  for (const [i, array] of arrays.entries()) expect(holds(array, (from + i) % 200)).toBe(true);
}

describe('memory that is used again', () => {
  test.prop([lengths, lengths, lengths])('holds zeros at first, and no array lies in another that is still used', (first, inner, last) => {
    withScratch(() => {
      const before = filled(first, 1);
      withScratch(() => {
        const inside = filled(inner, 50);
        expectFilled(before, 1);
        expectFilled(inside, 50);
      });
      const after = filled(last, 90);
      expectFilled(before, 1);
      expectFilled(after, 90);
    });
  });

  it('is used again after a computation, also after one that throws', () => {
    const at = () => {
      const { buffer, byteOffset } = floats(100);
      return { buffer, byteOffset };
    };
    const first = withScratch(at);
    expect(() =>
      withScratch(() => {
        floats(1000);
        throw new RangeError('no');
      }),
    ).toThrow('no');
    const second = withScratch(at);
    expect(second.buffer).toBe(first.buffer);
    expect(second.byteOffset).toBe(first.byteOffset);
  });

  it('is not used outside of a computation, nor for large arrays', () => {
    expect(floats(100).buffer.byteLength).toBe(800);
    expect(bytes(100).buffer.byteLength).toBe(100);
    expect(withScratch(() => floats(2 ** 20)).buffer.byteLength).toBe(2 ** 23);
  });

  it('has room for whole numbers beside the others', () => {
    withScratch(() => {
      const [before, whole, after] = [floats(33).fill(1), integers(33).fill(7), floats(33).fill(2)];
      expect(new Set([before.buffer, whole.buffer, after.buffer]).size).toBe(1);
      expect([holds(before, 1), whole.every((x) => x === 7), holds(after, 2)]).toEqual([true, true, true]);
    });
  });

  it('is limited', () => {
    withScratch(() => {
      const arrays = Array.from({ length: 200 }, () => floats(100_000));
      expect(new Set(arrays.map(({ buffer }) => buffer)).size).toBeGreaterThan(100);
      expect(arrays.filter(({ buffer, byteLength }) => buffer.byteLength > byteLength).length).toBeLessThanOrEqual(32);
    });
  });
});

describe('what is made for an object', () => {
  it('is made once for each computation, and never kept from one whose memory is used again', () => {
    const key = {};
    const made: object[] = [];
    const ask = () => {
      made.push(madeFor(key, () => ({ of: floats(100) })));
    };
    ask();
    withScratch(() => {
      ask();
      ask();
      withScratch(ask);
      ask();
    });
    ask();
    const [outside, first, again, inner, after, last] = made.map((object) => made.indexOf(object));
    expect([outside, first, again, inner, after, last]).toEqual([0, 1, 1, 3, 1, 0]);
  });
});
