import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  bitsFor,
  type Code,
  codeFor,
  weightCounts,
  weightOf,
  weightsOf,
  wordOf,
} from '../../../../generators/values/targeted/code-words.js';

/** Smallest distance of two of so many blocks. */
function distanceOf(code: Code, bits: number): number {
  return weightCounts(code, bits).findIndex((count, weight) => weight > 0 && count > 0);
}

const codeOf = (d: number) => codeFor(d) as Code;

describe('codes of blocks', () => {
  it('are there for heads of 28 columns and more, and leave some of them free', () => {
    expect(codeFor(27)).toBeUndefined();
    for (let d = 28; d <= 256; d++) expect(codeOf(d).length).toBeLessThan(d);
  });

  it.each([
    [128, 7, 32],
    [128, 10, 28],
    [128, 16, 24],
    [80, 16, 24],
    [64, 13, 16],
    [64, 17, 12],
    [32, 5, 12],
    [32, 12, 8],
  ])('with heads of %i columns, 2^%i blocks are %i signs apart', (d, bits, distance) => {
    expect(distanceOf(codeOf(d), bits)).toBe(distance);
  });

  it('has no bits beyond its generators', () => {
    expect([1, 2, 3, 4096, 4097].map((blocks) => bitsFor(codeOf(28), blocks))).toEqual([0, 1, 2, 12, 12]);
  });

  test.prop([fc.constantFrom(28, 64, 128), fc.nat(2 ** 17 - 1), fc.nat(2 ** 17 - 1)])('are linear: distances are weights', (d, x, y) => {
    const code = codeOf(d);
    const [a, b, both] = [x, y, x ^ y].map((block) => wordOf(code, block));
    expect([(a[0] ^ b[0]) >>> 0, (a[1] ^ b[1]) >>> 0]).toEqual(both);
    const bits = Math.min(17, code.generators.length);
    expect(weightsOf(code, bits)[(x ^ y) % 2 ** bits]).toBe(weightOf(both));
  });
});
