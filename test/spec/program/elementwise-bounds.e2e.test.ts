import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { evaluateProgram, type ProgramTensor } from '../../../spec/program/run.js';
import { floatFormats } from '../../../spec/tensor/dtype.js';
import type { DType, Term } from '../../../spec/types/documents.js';
import { programOf } from './fixtures.js';

const f = Math.fround;
const a = floatFormats.f32.roundoff;

/** Values and bounds of a term over x [n], whose elements have these error bounds. */
function bounded(term: Term, x: readonly number[], errors?: readonly number[], accumulate: DType = 'f32'): { r: number[]; e: number[] } {
  const tensor: ProgramTensor = {
    axes: ['n'],
    value: Float64Array.from(x),
    ...(errors && { bound: Float64Array.from(errors) }),
  };
  const { out } = evaluateProgram(programOf({ x: ['n'] }, [['out', term]]), {
    sizes: { n: x.length, n2: x.length },
    tensors: { x: tensor },
    options: {},
    offset: 0,
    profile: resolveNumeric(accumulate),
    gradients: false,
  });
  return { r: [...out.value], e: [...(out.bound ?? out.value.map(() => 0))] };
}

/** Sine or cosine as written without care in float32: the nearest whole number of periods is taken off first. */
function wave(of: (x: number) => number): (x: number) => number {
  const period = f(2 * Math.PI);
  return (x) => f(of(f(x - f(Math.round(f(x / period)) * period))));
}

/** The same with periods as unit, as graphics processors have it. */
function waveOfTurns(of: (x: number) => number): (x: number) => number {
  const perRadian = f(1 / (2 * Math.PI));
  return (x) => {
    const turns = f(x * perRadian);
    return f(of(2 * Math.PI * f(turns - Math.floor(turns))));
  };
}

/** erf by Abramowitz and Stegun, 7.1.26, every operation in float32. */
function erfOfTables(x: number): number {
  const [p, ...c] = [0.3275911, 1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592].map(f);
  const size = Math.abs(x);
  const t = f(1 / f(1 + f(p * size)));
  const y = c.reduce((sum, constant) => f(f(sum + constant) * t), 0);
  return Math.sign(x) * f(1 - f(y * f(Math.exp(-f(size * size)))));
}

const roundEven = (x: number) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

interface Function {
  readonly name: string;
  readonly kernel: (x: number) => number;
  /** Largest argument in size; arguments are drawn in logarithmic and in plain steps. */
  readonly most: number;
  readonly positive?: true;
  /** Largest slope over the arguments. */
  readonly steepest: (x: number) => number;
}

const smooth: Function[] = [
  { name: 'sin', kernel: wave(Math.sin), most: 1e4, steepest: () => 1 },
  { name: 'cos', kernel: wave(Math.cos), most: 1e4, steepest: () => 1 },
  { name: 'sin', kernel: waveOfTurns(Math.sin), most: 1e4, steepest: () => 1 },
  { name: 'cos', kernel: waveOfTurns(Math.cos), most: 1e4, steepest: () => 1 },
  { name: 'erf', kernel: erfOfTables, most: 7, steepest: () => 1.13 },
  { name: 'sqrt', kernel: (x) => f(Math.sqrt(x)), most: 1e6, positive: true, steepest: (x) => 0.6 / Math.sqrt(x) },
];

/** A float32, the error bound of it, and the share of that bound by which an implementation's value is off. */
function argument({ most, positive }: Pick<Function, 'most' | 'positive'>) {
  return fc
    .record({
      x: fc.double({ min: -1, max: 1, noNaN: true }),
      size: fc.double({ min: -6, max: 0, noNaN: true }),
      error: fc.constantFrom(0, 0, 1e-7, 1e-4, 0.02),
      off: fc.double({ min: -0.9, max: 0.9, noNaN: true }),
    })
    .map(({ x, size, error, off }) => {
      const near = f((positive ? Math.abs(x) + 0.01 : x) * most * 10 ** size);
      const e = error * (positive ? near : 1);
      return { x: near, e, moved: f(near + off * e) };
    });
}

describe('bounds of elementwise primitives hold for plain float32 implementations', () => {
  it.each(smooth.map((one, i) => [`${one.name}, implementation ${i + 1}`, one] as const))('%s', (_, one) => {
    let largest = 0;
    fc.assert(
      fc.property(argument(one), ({ x, e, moved }) => {
        const {
          r: [r],
          e: [bound],
        } = bounded([one.name, 'x'], [x], [e + a * Math.abs(x)]);
        const error = Math.abs(one.kernel(moved) - r);
        expect(error).toBeLessThanOrEqual(bound);
        largest = Math.max(largest, error / bound);
        // not wider than what the argument's error may do, and some roundings
        const change = one.steepest(x) * (e + a * Math.abs(x));
        expect(bound).toBeLessThanOrEqual(1.1 * change + a * (2 * Math.abs(x) + 24 * Math.max(1, Math.abs(r))));
      }),
      { numRuns: 2000 },
    );
    expect(largest).toBeGreaterThan(0.3);
  });

  it.each([
    ['round', roundEven],
    ['floor', Math.floor],
  ] as const)('%s', (name, kernel) => {
    fc.assert(
      fc.property(argument({ most: 20 }), ({ x, e, moved }) => {
        const found = bounded([name, 'x'], [x], [e]);
        expect(Math.abs(kernel(moved) - found.r[0])).toBeLessThanOrEqual(found.e[0]);
        // decided unless an edge is near
        const edge = name === 'floor' ? Math.round(x) : Math.floor(x) + 0.5;
        if (Math.abs(x - edge) > e * 1.01) expect(found.e[0]).toBe(0);
        expect(found.e[0]).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });

  test.prop([fc.array(argument({ most: 3 }), { minLength: 1, maxLength: 8 })])('max', (list) => {
    const found = bounded(
      ['max', 'x', 'n'],
      list.map(({ x }) => x),
      list.map(({ e }) => e + a * 3),
    );
    const error = Math.abs(Math.max(...list.map(({ moved }) => moved)) - found.r[0]);
    expect(error).toBeLessThanOrEqual(found.e[0]);
    expect(found.e[0]).toBeLessThanOrEqual(Math.max(...list.map(({ e }) => e)) + 4 * a);
  });

  it('max errs as those may that can be the largest, no more', () => {
    expect(bounded(['max', 'x', 'n'], [1, 0], [0.125, 4]).e).toEqual([3]);
    expect(bounded(['max', 'x', 'n'], [1, 0], [0.125, 0.5]).e).toEqual([0.125]);
    expect(bounded(['max', 'x', 'n'], [1, 1], [0.5, 0.125]).e).toEqual([0.5]);
    // the second is at least 0.875, whatever the first is
    expect(bounded(['max', 'x', 'n'], [1, 1], [0.5, 0.125]).r).toEqual([1]);
  });

  it('copies err as what they copy', () => {
    for (const term of [
      ['stop', 'x'],
      ['rename', 'x', 'n', 'n2'],
    ] as Term[])
      expect(bounded(term, [1, -2], [0.25, Infinity])).toEqual({ r: [1, -2], e: [0.25, Infinity] });
  });

  it('a query that is scaled and stored is so under another name', () => {
    const x: ProgramTensor = { axes: ['n'], value: Float64Array.of(-3), prescaled: true };
    const profile = resolveNumeric('f16');
    for (const term of [
      ['rename', 'x', 'n', 'n2'],
      ['stop', 'x'],
      ['max', 'x', 'n'],
    ] as Term[]) {
      const inputs = { sizes: { n: 1, n2: 1 }, tensors: { x }, options: {}, offset: 0, profile, gradients: false };
      expect(evaluateProgram(programOf({ x: ['n'] }, [['out', term]]), inputs).out.bound).toEqual(Float64Array.of(3 * profile.u));
    }
  });
});

describe('the exponential of what is known badly', () => {
  it('is decided where both ends are 0, and reaches to the high end elsewhere', () => {
    const { r, e } = bounded(['exp', 'x'], [-6e10, -5e36, -2, 0], [2e5, 8e32, 2.5, 1.5]);
    expect(r.slice(0, 2)).toEqual([0, 0]);
    for (const bound of e.slice(0, 2)) expect(bound).toBeLessThan(1e-30);
    for (const [i, high] of [0.5, 1.5].entries()) {
      expect(e[i + 2]).toBeGreaterThanOrEqual(Math.exp(high) - r[i + 2]);
      expect(e[i + 2]).toBeLessThan(1.001 * (Math.exp(high) - r[i + 2]));
    }
    expect(bounded(['exp', 'x'], [-4], [Infinity]).e).toEqual([Infinity]);
  });
});

describe('what elementwise primitives leave undecided', () => {
  it('a root of what may be negative, and the gradient at 0', () => {
    expect(bounded(['sqrt', 'x'], [0, 0, 4], [0, 1e-9, 0]).e).toEqual([0, Infinity, 6 * a]);
    expect(bounded(['sqrt', 'x'], [Infinity], [0])).toEqual({ r: [Infinity], e: [0] });
    expect(bounded(['sqrt', 'x'], [-1], [0]).e).toEqual([Infinity]);
    expect(bounded(['div', 1, ['scale', 2, ['sqrt', 'x']]], [0], [0]).e).toEqual([Infinity]);
  });

  it('an edge within the error, on both sides of it, and not an edge that is met exactly', () => {
    expect(bounded(['floor', 'x'], [1.9, 2, 2.1, 2.5, 2], [0.2, 0.2, 0.2, 0.2, 0])).toEqual({ r: [1, 2, 2, 2, 2], e: [1, 1, 1, 0, 0] });
    expect(bounded(['round', 'x'], [1.4, 1.6, 2.1, 2.5, 3.5, -0.5], [0.2, 0.2, 0.2, 0, 0, 0])).toEqual({
      r: [1, 2, 2, 2, 4, 0],
      e: [1, 1, 0, 0, 0, 0],
    });
    expect(bounded(['round', 'x'], [0.3], [Infinity]).e).toEqual([Infinity]);
  });

  it('twice as far from an edge in float64, where the oracle may err too', () => {
    for (const [name, x] of [
      ['floor', 2.3],
      ['round', 2.2],
    ] as const) {
      expect(bounded([name, 'x'], [x], [0.2], 'f32').e).toEqual([0]);
      expect(bounded([name, 'x'], [x], [0.2], 'f64').e).toEqual([1]);
    }
    const open = (accumulate: DType) => bounded(['where', ['positive', 'x'], 1, 0], [0.3], [0.2], accumulate).e[0];
    expect([open('f32'), open('f64')]).toEqual([0, 1]);
    const first = (accumulate: DType) => bounded(['where', ['topk', 'x', 'n', 1, 2], 1, 0], [1, 0.7], [0.1, 0.1], accumulate).e;
    expect([first('f32'), first('f64')]).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('functions of what nothing is known of', () => {
    for (const name of ['sin', 'cos', 'erf', 'tanh', 'round', 'floor', 'sqrt'])
      expect(bounded([name, 'x'], [1], [Infinity]).e).toEqual([Infinity]);
    for (const name of ['sin', 'cos']) expect(bounded([name, 'x'], [Infinity], [0]).e).toEqual([Infinity]);
    expect(bounded(['max', 'x', 'n'], [NaN, 1], [0, 1]).e).toEqual([Infinity]);
  });
});
