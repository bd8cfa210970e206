import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { storedBound } from '../../../spec/oracle/output-bound.js';
import { evaluateProgram, type ProgramTensor } from '../../../spec/program/run.js';
import { floatFormats } from '../../../spec/tensor/dtype.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import type { Numeric, Operator, Term } from '../../../spec/types/documents.js';

const accumulators = ['f32', 'f16', 'bf16'] as const;
type Accumulator = (typeof accumulators)[number];

/** One number through a program of x. */
function bounded(program: readonly (readonly [string, Term])[], x: number, accumulate: Accumulator, y = 0): { r: number; e: number } {
  const operator = {
    name: 't',
    version: '1.0.0',
    title: 't',
    inputs: { x: ['m'], y: ['m'] },
    program,
    outputs: { o: ['m'] },
  } as unknown as Operator;
  const one = (value: number): ProgramTensor => ({ axes: ['m'], value: Float64Array.of(value) });
  const profile = resolveNumeric('f32', { accumulate } as Numeric);
  const { o } = evaluateProgram(operator, {
    sizes: { m: 1 },
    tensors: { x: one(x), y: one(y) },
    options: {},
    offset: 0,
    profile,
    gradients: false,
  });
  return { r: o.value[0], e: o.bound?.[0] ?? 0 };
}

const sigmoid: [string, Term][] = [
  ['t', ['exp', ['scale', -1, 'x']]],
  ['o', ['div', 1, ['add', 1, 't']]],
];

/** The same, every step rounded to the accumulator. */
function kernel(x: number, accumulate: Accumulator): number {
  const rounded = (z: number) => roundTo(accumulate, z);
  return rounded(1 / rounded(1 + rounded(Math.exp(-x))));
}

describe('an exponential that overflows', () => {
  it('gives 0 in 1/(1 + exp(−s)) at s = −90 in f32, and that is right', () => {
    expect(kernel(-90, 'f32')).toBe(0);
    const { r, e } = bounded(sigmoid, -90, 'f32');
    expect(Math.abs(0 - r)).toBeLessThanOrEqual(e);
    // not whatever: no larger than what the accumulator's largest number gives
    expect(e).toBeLessThan(2 / floatFormats.f32.max);
    // a kernel that does not overflow is right too
    expect(e).toBeGreaterThan(0);
  });

  test.prop([fc.constantFrom(...accumulators), fc.double({ min: -1000, max: 1000, noNaN: true })])(
    'a sigmoid rounded step by step to %s lies within its bound, which is finite',
    (accumulate, drawn) => {
      const x = roundTo('bf16', drawn);
      const { r, e } = bounded(sigmoid, x, accumulate);
      expect(Number.isFinite(e)).toBe(true);
      expect(Math.abs(kernel(x, accumulate) - r)).toBeLessThanOrEqual(e);
    },
  );

  it.each(accumulators)('a wrong sigmoid is as wrong as before in %s', (accumulate) => {
    for (const x of [-1000, -90, -12, 0, 3]) {
      const { r, e } = bounded(sigmoid, x, accumulate);
      expect(Math.abs(0.6 - r)).toBeGreaterThan(e);
    }
  });

  it('is kept through scales, sums, products, selections and tanh, with its sign', () => {
    const t: [string, Term] = ['t', ['exp', 'x']];
    const cases: [Term, number][] = [
      [['div', 1, ['scale', -2, 't']], 0],
      [['div', 1, ['sub', 3, 't']], 0],
      [['div', 1, ['mul', 't', ['add', 't', 2]]], 0],
      [['div', 1, ['where', ['positive', 'x'], 't', 'x']], 0],
      [['div', 1, ['sum', ['expand', 't', 'n'], 'n']], 0],
      [['tanh', ['sub', 1, 't']], -1],
      [['erf', ['sub', 1, 't']], -1],
      [['div', 1, ['mul', ['sqrt', 't'], ['sqrt', ['mul', 't', ['mul', 't', 't']]]]], 0],
      [['div', 1, ['max', ['where', ['predicate', ['=', 'n', 1], 'n'], 't', 'z'], 'n']], 0],
      [['div', 1, ['stop', ['rename', 't', 'm', 'k']]], 0],
    ];
    for (const [term, expected] of cases) {
      const operator = {
        name: 't',
        version: '1.0.0',
        title: 't',
        inputs: { x: ['m'], z: ['n'] },
        program: [t, ['o', term]],
        outputs: { o: ['m'] },
      } as unknown as Operator;
      const { o } = evaluateProgram(operator, {
        sizes: { m: 1, n: 3, k: 1 },
        tensors: {
          x: { axes: ['m'], value: Float64Array.of(95) },
          z: { axes: ['n'], value: new Float64Array(3) },
        },
        options: {},
        offset: 0,
        profile: resolveNumeric('f32'),
        gradients: false,
      });
      const e = o.bound?.[0] ?? 0;
      expect(e, JSON.stringify(term)).toBeLessThan(1e-6);
      expect(Math.abs(o.value[0] - expected)).toBeLessThanOrEqual(e);
    }
  });

  it('leaves undecided what the implementation may have no number for', () => {
    // ∞/∞, ∞ − ∞, and ∞·0
    const t: [string, Term] = ['t', ['exp', 'x']];
    for (const term of [
      ['div', 't', 't'],
      ['sub', ['mul', 't', 2], 't'],
      ['mul', 't', 'y'],
    ] as Term[])
      expect(bounded([t, ['o', term]], 95, 'f32').e, JSON.stringify(term)).toBe(Infinity);
  });

  it('is undecided once it is stored, where the oracle itself has no number', () => {
    const { r, e } = bounded(
      [
        ['t', ['exp', 'x']],
        ['o', ['mul', ['div', 1, 't'], 't']],
      ],
      10_000,
      'f32',
    );
    expect([r, e, storedBound(r, e, 'f32', false)]).toEqual([NaN, Infinity, Infinity]);
    expect(storedBound(NaN, 0, 'f32', false)).toBe(0);
  });

  it('leaves a sum within range as it was, and knows an accumulator that underflows sooner than storage', () => {
    expect(bounded([['o', ['add', 'x', 'y']]], 1, 'f32', 2).e).toBeLessThan(1e-6);
    const { r, e } = bounded([['o', ['exp', 'x']]], -18, 'f16');
    expect(roundTo('f16', r)).toBe(0);
    expect(Math.abs(0 - r)).toBeLessThanOrEqual(e);
  });
});
