import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateProgram, type ProgramTensor } from '../../../spec/program/run.js';
import { floatFormats } from '../../../spec/tensor/dtype.js';
import type { Term } from '../../../spec/types/documents.js';
import { inputsFor, programOf, randomNumbers, randomTensor } from './fixtures.js';

const f = Math.fround;
const { roundoff, smallestSubnormal } = floatFormats.f32;
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Sums of products x·v over n of each e, divided by y: the order of division, products and sum is the implementation's. */
const orders: Record<string, { term: Term; kernel: (x: number[], v: number[], y: number) => number }> = {
  'factors divided': {
    term: ['dot', ['div', 'x', 'y'], 'v', 'n'],
    kernel: (x, v, y) => x.reduce((sum, xj, j) => f(sum + f(f(xj / y) * v[j])), 0),
  },
  'other factors divided': {
    term: ['dot', 'x', ['div', 'v', 'y'], 'n'],
    kernel: (x, v, y) => x.reduce((sum, xj, j) => f(sum + f(xj * f(v[j] / y))), 0),
  },
  'products divided': {
    term: ['sum', ['div', ['mul', 'x', 'v'], 'y'], 'n'],
    kernel: (x, v, y) => x.reduce((sum, xj, j) => f(sum + f(f(xj * v[j]) / y)), 0),
  },
  'products of quotients': {
    term: ['sum', ['mul', ['div', 'x', 'y'], 'v'], 'n'],
    kernel: (x, v, y) => x.reduce((sum, xj, j) => f(sum + f(f(xj / y) * v[j])), 0),
  },
  'sum divided': {
    term: ['div', ['dot', 'x', 'v', 'n'], 'y'],
    kernel: (x, v, y) => f(x.reduce((sum, xj, j) => f(sum + f(xj * v[j])), 0) / y),
  },
};

describe('a quotient of a sum of products', () => {
  // near zero a product loses half of the smallest subnormal number: a division after it multiplies what was lost
  const draw = fc.record({
    n: fc.integer({ min: 1, max: 9 }),
    seed: fc.nat(1000),
    y: fc.constantFrom(0.01, 0.1, 1, 30, 1e4, 1e6).map(f),
    small: fc.constantFrom(1e-37, 1e-40, 1e-43),
    large: fc.constantFrom(1, 50),
  });

  it.each(Object.keys(orders))('%s: its bounds take in every order', (name) => {
    const operator = programOf({ x: ['n'], v: ['n', 'e'], y: ['m'] }, [['out', orders[name].term]]);
    fc.assert(
      fc.property(draw, ({ n, seed, y, small, large }) => {
        const sizes = { n, e: 2, m: 1 };
        const next = randomNumbers(seed);
        const tensors: Record<string, ProgramTensor> = {
          x: randomTensor(['n'], sizes, next, large),
          v: randomTensor(['n', 'e'], sizes, next, small),
          y: { axes: ['m'], value: Float64Array.of(y) },
        };
        const { out } = evaluateProgram(operator, { ...inputsFor(operator, { sizes, dtype: 'f32' }), tensors });
        const x = [...tensors.x.value];
        for (const e of upTo(2)) {
          const v = upTo(n).map((j) => tensors.v.value[j * 2 + e]);
          const allowed = (out.bound?.[e] ?? 0) + roundoff * Math.abs(out.value[e]) + smallestSubnormal / 2;
          for (const [order, { kernel }] of Object.entries(orders)) {
            const error = Math.abs(kernel(x, v, y) - out.value[e]);
            expect(error <= allowed, `${order}: off by ${error}, allowed ${allowed}`).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
