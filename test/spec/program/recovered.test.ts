import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { storedBound } from '../../../spec/oracle/output-bound.js';
import { evaluateGradients, type ProgramTensor } from '../../../spec/program/run.js';
import { floatFormats } from '../../../spec/tensor/dtype.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import type { Numeric, Operator, Term } from '../../../spec/types/documents.js';

const accumulators = ['f32', 'f16', 'bf16'] as const;
type Accumulator = (typeof accumulators)[number];

const logistic: Term = ['div', 1, ['add', 1, ['exp', ['scale', -1, 'x']]]];

/** Derivative of a term by x, times g, with its bound as it is stored. */
function derivative(term: Term, x: number, g: number, accumulate: Accumulator = 'f32'): { r: number; e: number } {
  const operator = { name: 't', version: '1.0.0', title: 't', inputs: { x: ['m'] }, program: [['o', term]], outputs: { o: ['m'] } };
  const one = (value: number): ProgramTensor => ({ axes: ['m'], value: Float64Array.of(value) });
  const inputs = {
    sizes: { m: 1 },
    tensors: { x: one(x) },
    options: {},
    offset: 0,
    profile: resolveNumeric('f32', { accumulate } as Numeric),
    gradients: true,
  };
  const { x: dx } = evaluateGradients(operator as unknown as Operator, inputs, { o: one(g) });
  const r = dx.value[0];
  return { r, e: storedBound(r, dx.bound?.[0] ?? 0, 'f32', false) };
}

type Rounding = (x: number) => number;

const sigma = (s: number, f: Rounding) => f(1 / f(1 + f(Math.exp(-s))));

/** How right kernels compute g·σ′(s), every step rounded. */
const forms: Readonly<Record<string, (s: number, g: number, f: Rounding) => number>> = {
  'g·σ·(1 − σ)': (s, g, f) => f(f(g * sigma(s, f)) * f(1 - sigma(s, f))),
  'g·(1 − σ)·σ': (s, g, f) => f(f(g * f(1 - sigma(s, f))) * sigma(s, f)),
  'g·(σ − σ²)': (s, g, f) => f(g * f(sigma(s, f) - f(sigma(s, f) * sigma(s, f)))),
  'g·σ/(1 + eˢ)': (s, g, f) => f(f(g * sigma(s, f)) * f(1 / f(1 + f(Math.exp(s))))),
  'g·σ·e⁻ˢ/(1 + e⁻ˢ)': (s, g, f) => {
    const t = f(Math.exp(-Math.abs(s)));
    return f(f(g * sigma(s, f)) * (s > 0 ? f(t / f(1 + t)) : f(1 / f(1 + t))));
  },
};

describe('the derivative of 1/(1 + e⁻ˢ)', () => {
  for (const [name, form] of Object.entries(forms))
    test.prop(
      [
        fc.constantFrom(...accumulators),
        fc.double({ min: -120, max: 120, noNaN: true }),
        fc.oneof(fc.double({ min: -100, max: 100, noNaN: true }), fc.constantFrom(1, -62, 1e-30)),
      ],
      {
        numRuns: 1000,
        examples: [['f32', 97.7, -62] as const, ['f32', 5, 1] as const, ['f32', 88.8, 1] as const, ['f32', -97.7, 1] as const] as [
          Accumulator,
          number,
          number,
        ][],
      },
    )(`lies within its bound as ${name}`, (accumulate, drawn, gDrawn) => {
      const f = (x: number) => roundTo(accumulate, x);
      const s = f(drawn);
      const g = f(gDrawn);
      const { r, e } = derivative(logistic, s, g, accumulate);
      const error = Math.abs(form(s, g, f) - r);
      expect(error <= e, `${error} against ${e}`).toBe(true);
    });

  it('may be off by some roundings of 1, and no more; below 0, where σ is small, by some of its own', () => {
    const { roundoff } = floatFormats.f32;
    for (const s of [0, 1, 5, 20, 88, 97.7, 120]) expect(derivative(logistic, s, 1).e).toBeLessThan(8 * roundoff);
    for (const s of [-40, -20, -5]) {
      const { r, e } = derivative(logistic, s, 1);
      expect(e).toBeLessThan(400 * roundoff * r);
    }
  });

  it.each<[string, (p: number) => number]>([
    ['σ', (p) => p],
    ['σ²', (p) => p * p],
    ['1 − σ', (p) => 1 - p],
    ['σ(1 − σ) by an ulp of f16', (p) => p * (1 - p) * (1 + 2 ** -10)],
  ])('is not %s', (_, wrong) => {
    for (const s of [-8, -3, 0.5, 3, 6]) {
      const { r, e } = derivative(logistic, s, 1);
      expect(Math.abs(wrong(1 / (1 + Math.exp(-s))) - r)).toBeGreaterThan(e);
    }
  });
});

it('is recovered only where the program divides by the sum, and by nothing else that depends on it', () => {
  const t: Term = ['exp', 'x'];
  const cases: Term[] = [
    // eˣ/(1 + eˣ): for x far below 0 it is as exact as eˣ
    ['div', t, ['add', 1, t]],
    ['log', ['add', 1, t]],
    ['add', 1, t],
    ['mul', 2, t],
  ];
  for (const term of cases) {
    const { r, e } = derivative(term, -20, 1);
    expect(e, JSON.stringify(term)).toBeLessThan(1e-4 * Math.abs(r));
  }
  for (const term of [
    ['div', 3, ['add', t, 0.5]],
    ['div', 'x', ['add', t, 0.5]],
  ] as Term[])
    expect(derivative(term, -20, 1).e, JSON.stringify(term)).toBeGreaterThan(1e-8);
});
