import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Problem } from '../../../spec/problem.js';
import { interpret } from '../../../spec/program/interpret.js';
import { operatorNamed } from '../program/fixtures.js';
import { type Given, givens, problem as problemOf } from './problems.js';

const decay = { shape: [2], data: Float64Array.of(0.25, 1) };

/** Causal problem of linear-softmax with random inputs, and with a decay if `decays`. */
function problemFrom({ sink: _, alibi: __, bias: ___, ...inputs }: Given['inputs'], given: Given, decays: boolean): Problem {
  const { dims, options = {} } = given;
  const { scale } = options;
  const own = { shape: [dims.hk], data: decay.data.subarray(0, dims.hk) };
  return {
    ...problemOf({
      ...given,
      options: { ...(typeof scale === 'number' && { scale }), ...(decays && { decay: true }) },
      inputs: { ...inputs, ...(decays && { decay: own }) },
      visible: (_b, _h, i, j) => j <= i + dims.n - dims.m,
    }),
    operator: operatorNamed('linear-softmax'),
  };
}

/** Output of both layers, computed pair by pair. */
function explicit({ case: c, inputs }: Problem): number[] {
  const { b, hk, g, m, n, d, e } = c.dims;
  const { q, k, v } = inputs;
  const product = (x: Float64Array, r: number, y: Float64Array, s: number) =>
    Array.from({ length: d }, (_, at) => x[r * d + at] * y[s * d + at]).reduce((sum, term) => sum + term, 0);
  const layer = Float64Array.from({ length: b * hk * n * e }, (_, at) => {
    const [row, column] = [Math.floor(at / e), at % e];
    const [head, i] = [Math.floor(row / n), row % n];
    let x = 0;
    for (let j = 0; j <= i; j++) {
      const kept = Math.exp(-(inputs.decay?.data[head % hk] ?? 0) * (i - j));
      x += kept * product(k.data, row, k.data, head * n + j) * v.data[(head * n + j) * e + column];
    }
    return x;
  });
  const scale = (c.options.scale as number | undefined) ?? 1 / Math.sqrt(d);
  return Array.from({ length: b * hk * g * m * e }, (_, at) => {
    const [row, column] = [Math.floor(at / e), at % e];
    const [head, i] = [Math.floor(row / (g * m)), row % m];
    const keys = Array.from({ length: n }, (_, j) => j).filter((j) => j <= i + n - m);
    const weights = keys.map((j) => Math.exp(scale * product(q.data, row, k.data, head * n + j)));
    const total = weights.reduce((sum, w) => sum + w, 0);
    return keys.reduce((o, j, x) => o + (weights[x] / total) * layer[(head * n + j) * e + column], 0);
  });
}

describe('linear-softmax', () => {
  it('is a linear layer under a softmax layer, and its fused oracle has the values of its program', () => {
    fc.assert(
      fc.property(givens(), fc.boolean(), (given, decays) => {
        const problem = problemFrom(given.inputs, given, decays);
        const { o } = expectationOf(problem, false).outputs;
        explicit(problem).forEach((x, at) => {
          expect(Math.abs(o.value[at] - x)).toBeLessThan(1e-10 * (1 + Math.abs(x)));
        });
        for (const gradients of [false, true]) {
          const fused = expectationOf(problem, gradients).outputs;
          const whole = interpret(problem, gradients).outputs;
          expect(Object.keys(fused).sort()).toEqual(Object.keys(whole).sort());
          for (const [name, { value, shape }] of Object.entries(whole)) {
            expect(fused[name].shape).toEqual(shape);
            value.forEach((x, at) => {
              if (Number.isFinite(x)) expect(Math.abs(fused[name].value[at] - x), name).toBeLessThan(1e-10 * (1 + Math.abs(x)));
              else expect(fused[name].value[at]).toBe(x);
            });
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('bounds what the store between the layers loses, in both ways, whatever else is stored', () => {
    const dims = { b: 1, hk: 1, g: 2, m: 3, n: 3, d: 2, e: 1 };
    const rows = (shape: number[]) => ({
      shape,
      data: Float64Array.from({ length: shape.reduce((x, y) => x * y) }, (_, at) => 1 + (at % 3) / 2),
    });
    const inputs = { q: rows([1, 2, 3, 2]), k: rows([1, 1, 3, 2]), v: rows([1, 1, 3, 1]), do: rows([1, 2, 3, 1]) };
    const numeric = { probabilities: 'accumulate', scoreGradients: 'accumulate' } as const;
    const problem = problemFrom(inputs, { dims, dtype: 'bf16', numeric, inputs }, false);
    // all that is left in it of the type's own rounding is what is stored between the layers
    const wide = { ...problem, numeric: { ...problem.numeric, u: 2 ** -24 } };
    for (const compute of [expectationOf, interpret]) {
      for (const [gradients, name] of [
        [false, 'o'],
        [true, 'dv'],
      ] as const) {
        const [{ value, bound }, without] = [problem, wide].map((p) => compute(p, gradients).outputs[name]);
        value.forEach((x, at) => {
          expect(bound[at] - without.bound[at], `${compute.name} ${name}`).toBeGreaterThan(Math.abs(x) * 2 ** -9);
        });
      }
    }
  });

  it('counts the values of the first layer, with their error, for a row that averages over nothing seen', () => {
    const shape = { b: 1, hk: 1, g: 1, m: 3, n: 1, d: 1, e: 1 };
    const inputs = Object.fromEntries(
      ['q', 'k', 'v'].map((name) => [
        name,
        { shape: [1, 1, name === 'q' ? 3 : 1, 1], data: new Float64Array(name === 'q' ? 3 : 1).fill(3) },
      ]),
    );
    const { o } = expectationOf(
      problemFrom(inputs, { dims: shape, dtype: 'f16', dialect: { emptyOutput: 'mean' }, inputs }, false),
      false,
    ).outputs;
    expect([...o.value]).toEqual([27, 27, 27]);
    expect(o.bound[0]).toBeGreaterThan(27 * 2 ** -11);
  });
});
