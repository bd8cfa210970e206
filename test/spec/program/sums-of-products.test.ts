import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { hashOf } from '../../../spec/lib/hash.js';
import { decided } from '../../../spec/numeric/decided.js';
import { gamma, lossNearZero, resolveNumeric } from '../../../spec/numeric/profile.js';
import { contractionBound, contractionValue } from '../../../spec/program/lib/contraction.js';
import { SumsOfProducts } from '../../../spec/program/lib/sums-of-products.js';
import { offsets, type ProgramTensor, union, without } from '../../../spec/program/tensor.js';

const profile = resolveNumeric('f32');

/** Small contractions: rows of fewer, of exactly and of more sums than are made at once, of one operand, of the other, and of neither. */
const contractions = fc
  .record({
    sizes: fc.record({
      b: fc.integer({ min: 1, max: 3 }),
      i: fc.integer({ min: 1, max: 19 }),
      j: fc.integer({ min: 1, max: 19 }),
      k: fc.integer({ min: 1, max: 7 }),
    }),
    x: fc.shuffledSubarray(['b', 'i', 'j', 'k'], { minLength: 1 }).filter((axes) => axes.includes('k')),
    y: fc.shuffledSubarray(['b', 'i', 'j', 'k'], { minLength: 1 }).filter((axes) => axes.includes('k')),
    bounds: fc.subarray(['x', 'y']),
    zeros: fc.subarray(['x', 'y']),
    special: fc.constantFrom(undefined, undefined, NaN, Infinity),
    seed: fc.nat(),
  })
  .map(({ sizes, x, y, bounds, zeros, special, seed }) => {
    const tensor = (name: 'x' | 'y', axes: string[], which: number): ProgramTensor => {
      const shape = axes.map((axis) => sizes[axis as 'b']);
      const length = shape.reduce((p, q) => p * q);
      const draw = (at: number, part: number) => hashOf(seed, which, at, part) / 2 ** 32;
      const zero = zeros.includes(name) ? Uint8Array.from({ length }, (_, at) => Number(draw(at, 0) < 0.4)) : undefined;
      const value = Float64Array.from({ length }, (_, at) => 2 * draw(at, 1) - 1);
      if (special !== undefined && which === 0) value[hashOf(seed) % length] = special;
      return {
        axes,
        value,
        ...(bounds.includes(name) && { bound: Float64Array.from({ length }, (_, at) => draw(at, 2) * 1e-6) }),
        ...(zero && { zero }),
      };
    };
    const operands = { x: tensor('x', x, 0), y: tensor('y', y, 1) };
    const out = { kind: 'number' as const, axes: without(union(x, y), ['k']) };
    const places = (axes: string[]) => ({ outer: offsets(axes, out.axes, sizes), inner: offsets(axes, ['k'], sizes) });
    return { ...operands, sums: new SumsOfProducts({ axes: ['k'], out, sizes }, operands.x, operands.y), xAt: places(x), yAt: places(y) };
  });

/** Each element's terms: offsets in both operands of those without a structural zero. */
function termsOf({ x, y, xAt, yAt }: typeof contractions extends fc.Arbitrary<infer T> ? T : never): (readonly [number, number])[][] {
  return Array.from(xAt.outer, (from, i) =>
    Array.from(xAt.inner, (step, k) => [from + step, yAt.outer[i] + yAt.inner[k]] as const).filter(
      ([p, q]) => !x.zero?.[p] && !y.zero?.[q],
    ),
  );
}

describe('sums of products', () => {
  test.prop([contractions], { numRuns: 300 })('are those of one term after another, to the bit', (contraction) => {
    const { x, y, sums } = contraction;
    const terms = termsOf(contraction);
    const { value, zero } = contractionValue(x, y, sums);
    expect(Array.from(value)).toEqual(terms.map((list) => list.reduce((sum, [p, q]) => sum + x.value[p] * y.value[q], 0)));
    expect(Array.from(value, (_, i) => zero?.[i] ?? 0)).toEqual(terms.map((list) => Number(list.length === 0)));
    expect(Array.from(sums.kept())).toEqual(terms.map((list) => list.length));
  });

  test.prop([contractions], { numRuns: 300 })('have the bounds of NUMERICS', (contraction) => {
    const { x, y, sums } = contraction;
    const declared = 2 ** -11;
    const bound = decided(contractionBound(x, y, sums, profile, declared));
    for (const [i, list] of termsOf(contraction).entries()) {
      let [magnitude, error] = [0, 0];
      for (const [p, q] of list) {
        const [ex, ey] = [x.bound?.[p] ?? 0, y.bound?.[q] ?? 0];
        magnitude += Math.abs(x.value[p] * y.value[q]);
        error += ex * (Math.abs(y.value[q]) + ey) + ey * Math.abs(x.value[p]);
      }
      const g = gamma(list.length, profile.a) + declared;
      const whole = g * magnitude + (1 + g) * error + list.length * lossNearZero(profile);
      if (whole >= 0 && whole < Infinity) expect(Math.abs(bound[i] - whole)).toBeLessThanOrEqual(1e-13 * whole);
      else expect(bound[i]).toBe(Infinity);
    }
  });

  test.prop([contractions], { numRuns: 200 })(
    'of distances from a mean are those of one term after another',
    ({ x, y, sums, xAt, yAt }) => {
      const mean = Float64Array.from(xAt.outer, (_, i) => Math.sin(i));
      const expected = Array.from(xAt.outer, (from, i) =>
        xAt.inner.reduce((sum, step, k) => sum + x.value[from + step] * Math.abs(y.value[yAt.outer[i] + yAt.inner[k]] - mean[i]), 0),
      );
      expect(Array.from(sums.distances(x.value, y.value, mean))).toEqual(expected);
    },
  );
});
