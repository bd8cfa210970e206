import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arithmetic, allRows } from '../../../../adapters/controls/reference/arithmetic/arithmetic.js';
import { float32Fused } from '../../../../adapters/controls/reference/arithmetic/float32-fused.js';
import { float32Separate } from '../../../../adapters/controls/reference/arithmetic/float32-separate.js';
import { float64 } from '../../../../adapters/controls/reference/arithmetic/float64.js';
import { random } from './calls.js';

const arithmetics: [string, Arithmetic, (sum: number, x: number, y: number) => number][] = [
  ['float64', float64, (sum, x, y) => sum + x * y],
  ['float32, fused', float32Fused, (sum, x, y) => Math.fround(sum + x * y)],
  ['float32, separate', float32Separate, (sum, x, y) => Math.fround(sum + Math.fround(x * y))],
];

function draw(count: number, seed: number): Float64Array {
  const next = random(seed);
  return Float64Array.from({ length: count }, () => Math.fround(4 * next() - 2));
}

const size = (max: number) => fc.integer({ min: 1, max });

describe.each(arithmetics)('%s', (_, arithmetic, multiplyAdd) => {
  it('its products are sums in the order of their terms, whatever the other rows', () => {
    fc.assert(
      fc.property(size(21), size(19), fc.nat(), (count, depth, seed) => {
        const [x, y, weights, start] = [
          draw(depth, seed),
          draw(count * depth, seed + 1),
          draw(count, seed + 2),
          draw(count * depth, seed + 3),
        ];
        const rows = allRows(count).reverse();

        const dots = new Float64Array(count);
        arithmetic.dots(x, 0, y, 0, rows, count, depth, dots);
        const combined = start.slice(0, depth);
        arithmetic.combine(weights, rows, count, y, 0, depth, combined, 0);
        const spread = start.slice();
        arithmetic.spread(weights, rows, count, x, 0, depth, spread, 0);

        const sums = start.slice(0, depth);
        const products = new Float64Array(count * depth);
        for (let t = 0; t < count; t++) {
          let sum = 0;
          for (let c = 0; c < depth; c++) {
            const at = rows[t] * depth + c;
            sum = multiplyAdd(sum, x[c], y[at]);
            sums[c] = multiplyAdd(sums[c], weights[t], y[at]);
            products[at] = multiplyAdd(start[at], weights[t], x[c]);
          }
          expect(dots[t]).toBe(sum);
          expect(arithmetic.dot(x, 0, y, rows[t] * depth, depth)).toBe(sum);
        }
        expect(spread).toEqual(products);
        expect(combined).toEqual(sums);
      }),
    );
  });

  it('exponentials and factors are rounded', () => {
    fc.assert(
      fc.property(size(21), fc.nat(), (count, seed) => {
        const x = draw(count, seed);
        const out = new Float64Array(count);
        const total = arithmetic.exponentials(x, count, 2, out);
        let sum = 0;
        for (let t = 0; t < count; t++) {
          sum = arithmetic.round(sum + out[t]);
        }
        expect(total).toBe(sum);
        expect(out).toEqual(x.map((a) => arithmetic.round(Math.exp(arithmetic.round(a - 2)))));
        const scaled = x.slice();
        arithmetic.multiply(scaled, 0, count, 0.3);
        expect(scaled).toEqual(x.map((a) => arithmetic.round(a * 0.3)));
      }),
    );
  });
});
