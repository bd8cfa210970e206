import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { hashOf } from '../../../spec/lib/hash.js';
import { decided } from '../../../spec/numeric/decided.js';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { contractionBound, contractionValue } from '../../../spec/program/lib/contraction.js';
import { SumsOfProducts } from '../../../spec/program/lib/sums-of-products.js';
import { type ProgramTensor, union, without } from '../../../spec/program/tensor.js';

const profile = resolveNumeric('f32');

/** Contractions over axes that stand in any order, large enough for blocks. */
const contractions = fc
  .record({
    sizes: fc.record({
      b: fc.integer({ min: 1, max: 3 }),
      i: fc.integer({ min: 20, max: 45 }),
      h: fc.integer({ min: 1, max: 2 }),
      j: fc.integer({ min: 20, max: 45 }),
      k: fc.integer({ min: 30, max: 60 }),
      l: fc.integer({ min: 3, max: 6 }),
    }),
    x: fc.shuffledSubarray(['b', 'i', 'h', 'k', 'l'], { minLength: 5 }),
    y: fc.shuffledSubarray(['b', 'j', 'k', 'l'], { minLength: 4 }),
    over: fc.constantFrom(['k', 'l'], ['l', 'k']),
    bounds: fc.subarray(['x', 'y']),
    zeros: fc.subarray(['x', 'y']),
    special: fc.constantFrom(undefined, undefined, NaN, Infinity),
    seed: fc.nat(),
  })
  .map(({ sizes, x, y, over, bounds, zeros, special, seed }) => {
    const tensor = (name: 'x' | 'y', axes: string[], which: number): ProgramTensor => {
      const shape = axes.map((axis) => sizes[axis as 'b']);
      const length = shape.reduce((p, q) => p * q);
      const draw = (at: number, part: number) => hashOf(seed, which, at, part) / 2 ** 32;
      const zero = zeros.includes(name) ? Uint8Array.from({ length }, (_, at) => Number(draw(at, 0) < 0.6)) : undefined;
      const value = Float64Array.from({ length }, (_, at) => (zero?.[at] ? 0 : 2 * draw(at, 1) - 1));
      if (special !== undefined && which === 0) value[hashOf(seed) % length] = special;
      return {
        axes,
        value,
        ...(bounds.includes(name) && { bound: Float64Array.from({ length }, (_, at) => (zero?.[at] ? 0 : draw(at, 2) * 1e-6)) }),
        ...(zero && { zero }),
      };
    };
    const operands = { x: tensor('x', x, 0), y: tensor('y', y, 1) };
    const out = { kind: 'number' as const, axes: without(union(x, y), over) };
    const sums = new SumsOfProducts({ axes: over, out, sizes }, operands.x, operands.y);
    return { ...operands, sums, plain: Object.create(sums, { blocks: { value: undefined } }) as SumsOfProducts };
  });

/** The same NaN, infinities and zeros; else within roundings of numbers of at most `size` terms near 1. */
function same(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  const off = Array.from(expected).findIndex((e, at) => !(Object.is(actual[at], e) || Math.abs(actual[at] - e) <= tolerance));
  expect([off, actual[off]]).toEqual([-1, expected[off]]);
}

describe('contractions in blocks', () => {
  test.prop([contractions], { numRuns: 60 })('have the values and zeros of plain loops', ({ x, y, sums, plain }) => {
    expect(sums.blocks).toBeDefined();
    const [inBlocks, inLoops] = [sums, plain].map((by) => contractionValue(x, y, by));
    same(inBlocks.value, inLoops.value, 1e-12);
    same(inBlocks.zero ?? [], inLoops.zero ?? [], 0);
  });

  test.prop([contractions], { numRuns: 60 })('have the bounds of plain loops', ({ x, y, sums, plain }) => {
    for (const declared of [0, 2 ** -9]) {
      const bounds = [sums, plain].map((by) => decided(contractionBound(x, y, by, profile, declared)));
      same(bounds[0], bounds[1], 1e-14);
    }
  });
});
