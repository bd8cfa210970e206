import { describe, expect, it } from 'vitest';
import { erf } from '../../../spec/numeric/erf.js';
import { gamma, lossNearZero } from '../../../spec/numeric/profile.js';
import { evaluateGradients, evaluateProgram, type ProgramInputs, type ProgramTensor } from '../../../spec/program/run.js';
import { floatFormats } from '../../../spec/tensor/dtype.js';
import type { Numeric, Statement, Term } from '../../../spec/types/documents.js';
import { inputsFor, operatorNamed, programOf, randomCotangents, type Setup, withoutAxes } from './fixtures.js';

const a = floatFormats.f32.roundoff;
const w = floatFormats.f32.smallestSubnormal / 2;
const f16 = floatFormats.f16;

/** Value and bound of a term over the numbers x and y, which come with an error: they are sums of two numbers. */
function rule(term: Term, x: number, y = 1, numeric: Numeric = {}): { r: number; e: number } {
  const inexact: Statement[] = [
    ['x', ['add', 'x0', 0.25]],
    ['y', ['add', 'y0', 0.25]],
  ];
  return boundOf(inexact, 'f32', term, x - 0.25, y - 0.25, numeric);
}

/** Value and bound of a term over numbers x and y without an error. */
function ruleIn(dtype: 'f16' | 'f32', term: Term, x: number, y: number, numeric: Numeric = {}): { r: number; e: number } {
  const exact: Statement[] = [
    ['x', ['stop', 'x0']],
    ['y', ['stop', 'y0']],
  ];
  return boundOf(exact, dtype, term, x, y, numeric);
}

function boundOf(
  before: readonly Statement[],
  dtype: 'f16' | 'f32',
  term: Term,
  x0: number,
  y0: number,
  numeric: Numeric,
): { r: number; e: number } {
  const operator = programOf({ x0: ['n'], y0: ['n'] }, [...before, ['out', term]]);
  const scalar = (value: number): ProgramTensor => ({ axes: ['n'], value: Float64Array.of(value) });
  const inputs = { ...inputsFor(operator, { sizes: { n: 1 }, dtype, numeric }), tensors: { x0: scalar(x0), y0: scalar(y0) } };
  const { out } = evaluateProgram(operator, inputs);
  return { r: out.value[0], e: out.bound?.[0] ?? 0 };
}

describe('bounds by primitive', () => {
  const x = -1.75;
  const y = 3.5;
  const ex = a * 1.75;
  const ey = a * 3.5;
  const cases: [string, Term, number][] = [
    ['add', ['add', 'x', 'y'], (ex + ey) * (1 + a) + a * Math.abs(x + y)],
    ['sub', ['sub', 'x', 'y'], (ex + ey) * (1 + a) + a * Math.abs(x - y)],
    ['mul', ['mul', 'x', 'y'], ex * 3.5 + ey * 1.75 + ex * ey + a * Math.abs(x * y) + w],
    ['div', ['div', 'x', 'y'], (ex + 0.5 * ey) / (3.5 - ey) + 3 * a * 0.5],
    ['scale', ['scale', -3, 'x'], 3 * ex + 3 * a * 5.25 + w],
    ['scale by −1', ['scale', -1, 'x'], ex],
    ['exp', ['exp', 'x'], Math.exp(x) * (Math.expm1(ex) + (6 + 3 * 1.75) * a * Math.exp(ex)) + w],
    ['log', ['log', 'y'], -Math.log1p(-ey / 3.5) + 6 * a * Math.log(3.5)],
    ['tanh', ['tanh', 'x'], ex / Math.cosh(1.75 - ex) ** 2 + 6 * a * Math.tanh(1.75)],
    ['elu1 below 0', ['elu1', 'x'], Math.exp(x + ex) * ex + 4 * a],
    ['elu1 above 0', ['elu1', 'y'], ey + 4 * a * 4.5],
    ['sum', ['sum', 'x', 'n'], gamma(1, a) * 1.75 + (1 + gamma(1, a)) * ex],
    ['cumsum', ['cumsum', 'x', 'n'], gamma(1, a) * 1.75 + (1 + gamma(1, a)) * ex],
    ['dot', ['dot', 'x', 'y', 'n'], gamma(1, a) * 6.125 + (1 + gamma(1, a)) * (ex * (3.5 + ey) + ey * 1.75) + w],
    ['where', ['where', ['positive', 'x'], 'x', 'y'], ey],
    ['sin', ['sin', 'y'], (Math.abs(Math.cos(y)) + ey + 7 * a) * (ey + 7 * a) + 6 * a],
    ['cos', ['cos', 'y'], (Math.abs(Math.sin(y)) + ey + 7 * a) * (ey + 7 * a) + 6 * a],
    ['erf', ['erf', 'x'], (2 / Math.sqrt(Math.PI)) * Math.exp(-((1.75 - ex) ** 2)) * ex + 6 * a + 18 * a * (1 - erf(1.75))],
    ['sqrt', ['sqrt', 'y'], ey / (Math.sqrt(3.5) + Math.sqrt(3.5 - ey)) + 3 * a * Math.sqrt(3.5)],
    ['max', ['max', 'x', 'n'], ex],
    ['stop', ['stop', 'x'], ex],
  ];

  it.each(cases)('%s', (_, term, expected) => {
    const { e } = rule(term, x, y);
    expect(Math.abs(e - expected)).toBeLessThanOrEqual(1e-12 * expected);
  });

  it('ln 0 is −∞ without error, what is added to it changes nothing, and its exponential is 0', () => {
    const none: Term = ['log', 0];
    expect(rule(['add', none, 'x'], x)).toEqual({ r: -Infinity, e: 0 });
    expect(rule(['sub', 'x', none], x)).toEqual({ r: Infinity, e: 0 });
    expect(rule(['exp', ['add', none, 'x']], x)).toEqual({ r: 0, e: 0 });
    // nothing is known of the logarithm of a number that may be 0, nor of −∞ + ∞
    expect(rule(['exp', ['log', ['sub', 'x', 'x']]], x).e).toBe(Infinity);
    expect(rule(['sub', none, none], x).e).toBe(Infinity);
  });

  it('a number that float32 does not hold has its rounding', () => {
    expect(rule(['add', 0.1, ['scale', 1, 0]], x).e).toBeCloseTo(a * 0.1 * (2 + a), 20);
    expect(rule(['add', 0.5, 'x'], x).e).toBeCloseTo(ex * (1 + a) + a * 1.25, 20);
  });

  it('a quotient by what may be 0 is undecided, and so is a selection near 0', () => {
    expect(rule(['div', 'x', ['sub', 'y', ['add', 'y', 0]]], x, y).e).toBe(Infinity);
    const selected = rule(['where', ['positive', ['sub', 'x', ['add', 'x', 0]]], 'x', 'y'], x, y);
    expect(selected.e).toBeCloseTo(5.25, 5);
  });

  it('what is not stored loses near zero what the accumulator does, not what storage does', () => {
    const tiny = 2 ** -14;
    const terms: Term[] = [
      ['mul', 'x', 'y'],
      ['dot', 'x', 'y', 'n'],
      ['scale', tiny, 'x'],
      ['div', 'x', 1 / tiny],
      ['exp', ['log', ['mul', 'x', 'y']]],
      ['mul', ['softmax', ['log', 'x'], 'n'], ['mul', 'x', 'y']],
    ];
    for (const term of terms) {
      const inside = ruleIn('f16', term, tiny, tiny);
      expect(inside.r).toBeCloseTo(2 ** -28, 20);
      // a kernel that has 0 there has stored it
      expect(inside.e).toBeLessThan(2 ** -38);
      expect(ruleIn('f16', term, tiny, tiny, { partials: 'storage' }).e).toBeGreaterThanOrEqual(f16.smallestSubnormal / 2);
      expect(ruleIn('f16', term, tiny, tiny, { accumulate: 'f16' }).e).toBeGreaterThanOrEqual(f16.smallestSubnormal / 2);
    }
    expect(ruleIn('f16', ['div', 'x', ['add', ['mul', 'x', 'y'], 1e-8]], tiny, tiny).e).toBeLessThan(1);
  });

  it('a declared approximation of exp counts', () => {
    const plain = rule(['exp', 'x'], x);
    expect(rule(['exp', 'x'], x, 1, { exp: 1e-4 }).e - plain.e).toBeCloseTo(plain.r * 1e-4 * Math.exp(ex), 12);
  });
});

const sizes = { b: 1, hk: 1, g: 1, m: 1, n: 37, d: 3, e: 2 };
const hidden = (j: number) => j % 5 === 2 || (j >= 16 && j < 32);

/** The rules for a row of softmax attention, written out from NUMERICS once more. */
function expectedRow(inputs: ProgramInputs) {
  const { profile, tensors, gradients } = inputs;
  const loss = lossNearZero(profile);
  const q = tensors.q.value;
  const scale = 1 / Math.sqrt(sizes.d);
  const keys = Array.from({ length: sizes.n }, (_, j) => j).filter((j) => !hidden(j));
  const s = keys.map((j) => scale * [0, 1, 2].reduce((t, x) => t + q[x] * tensors.k.value[j * 3 + x], 0));
  const declared = (profile.tf32 ? 2 ** -9 : 0) + (profile.prescaledQ ? profile.u : 0);
  const es = keys.map((j, c) => {
    const magnitude = [0, 1, 2].reduce((t, x) => t + Math.abs(q[x] * tensors.k.value[j * 3 + x]), 0);
    const e = scale * ((gamma(3, profile.a) + declared) * magnitude + 3 * loss) + 3 * profile.a * Math.abs(s[c]) + loss;
    return profile.scoresStored ? e * (1 + profile.u) + profile.u * Math.abs(s[c]) + profile.w : e;
  });
  const sink = tensors.sink?.value[0];
  const max = Math.max(...s, sink ?? -Infinity);
  const sum = s.reduce((t, x) => t + Math.exp(x - max), sink === undefined ? 0 : Math.exp(sink - max));
  const lse = max + Math.log(sum);
  const p = s.map((x) => Math.exp(x - lse));
  const tiles = new Set(keys.map((j) => Math.floor(j / profile.tile))).size;
  const exponentials = Math.expm1((tiles + (sink === undefined ? 0 : 1)) * profile.exp);
  const rel = s.map((x, c) => Math.expm1(es[c]) + (6 + 3 * Math.abs(x - max)) * profile.a + exponentials);
  let total = p.reduce((t, x, c) => t + x * rel[c], 0);
  const sinkWeight = sink === undefined ? 0 : Math.exp(sink - lse);
  const sinkRel = sink === undefined ? 0 : (6 + 3 * Math.abs(sink - max)) * profile.a + exponentials;
  total += sinkWeight * sinkRel;
  const own = gamma(keys.length + 4 * tiles + 8, profile.a);
  const recomputed = gradients ? (4 * (Math.abs(max) + Math.abs(lse)) + 12) * profile.a : 0;
  const spread = (x: number, own: number) => x * ((1 - x) * own + (total - x * own) + 2 * (total + own) ** 2);
  const shared = p.map((x, c) => spread(x, rel[c]));
  const ep = p.map((x, c) => shared[c] + x * (own + recomputed) + 2 * loss);
  const stored = ep.map((e, c) => (profile.probabilitiesStored ? e * (1 + profile.u) + profile.u * p[c] + profile.w : e));
  const rho = total + own;
  const eLse = rho / (1 - rho) + 6 * profile.a * Math.abs(lse - max) + 4 * profile.a * (Math.abs(max) + Math.abs(lse) + 1);
  const plain =
    own +
    gamma(keys.length + 2, profile.a) +
    (profile.probabilitiesStored ? profile.u : 0) +
    (profile.tf32 ? 2 ** -9 : 0) +
    (profile.partialsStored ? tiles * profile.u : 0);
  const eO = [0, 1].map((x) => {
    const v = keys.map((j) => tensors.v.value[j * 2 + x]);
    const o = p.reduce((t, weight, c) => t + weight * v[c], 0);
    const cut = profile.tf32 ? 2 ** -136 : 0;
    const sinkError = spread(sinkWeight, sinkRel) * Math.abs(o);
    return p.reduce(
      (t, weight, c) =>
        t + shared[c] * Math.abs(v[c] - o) + (weight * plain + 2 * (profile.probabilitiesStored ? profile.w : loss) + cut) * Math.abs(v[c]),
      sinkError,
    );
  });
  return { eP: stored, eLse, eO };
}

const profiles: [string, Partial<Setup>][] = [
  ['f32', { dtype: 'f32' }],
  ['f32 with a sink', { dtype: 'f32', present: ['sink'] }],
  ['f16: probabilities in storage', { dtype: 'f16' }],
  ['f16 with scores in storage, a sink', { dtype: 'f16', numeric: { scores: 'storage' }, present: ['sink'] }],
  ['bf16 that keeps probabilities, stores partials', { dtype: 'bf16', numeric: { probabilities: 'accumulate', partials: 'storage' } }],
  ['f16 with q prescaled', { dtype: 'f16', numeric: { prescaledQ: true } }],
  ['tiles of 4', { dtype: 'f32', numeric: { tile: 4 } }],
  ['tf32 products, an approximate exp, flush to zero', { dtype: 'f32', numeric: { products: 'tf32', exp: 1e-5, flushToZero: true } }],
];

describe('bounds of softmax attention', () => {
  const operator = { ...operatorNamed('softmax'), outputs: withoutAxes(['o', 'lse', 'p']) };

  it.each(
    profiles.flatMap(([name, setup]) =>
      [false, true].map((gradients) => [`${name}${gradients ? ', for a backward pass' : ''}`, setup, gradients] as const),
    ),
  )('%s', (_, setup, gradients) => {
    const mask = (_b: number, _h: number, _g: number, _i: number, j: number) => !hidden(j);
    const inputs = { ...inputsFor(operator, { sizes, seed: 21, mask, spread: { q: [4, 0], v: [2, 5] }, ...setup }), gradients };
    const { o, lse, p } = evaluateProgram(operator, inputs);
    const expected = expectedRow(inputs);
    const close = (actual: number | undefined, e: number) => expect(Math.abs((actual ?? 0) / e - 1)).toBeLessThan(1e-9);
    close(lse.bound?.[0], expected.eLse);
    for (const [x, e] of expected.eO.entries()) close(o.bound?.[x], e);
    const visible = [...(p.bound ?? [])].filter((_e, j) => !hidden(j));
    for (const [c, e] of expected.eP.entries()) close(visible[c], e);
    for (let j = 0; j < sizes.n; j++) if (hidden(j)) expect(p.bound?.[j]).toBe(0);
  });

  it('are infinite where the scores leave the weights open, and of the LSE those of the scores', () => {
    const inputs = inputsFor(operator, { sizes, dtype: 'f32', numeric: { products: 'tf32' }, spread: { q: [500, 0], k: [1, 500] } });
    const { o, lse, p, s } = evaluateProgram({ ...operator, outputs: { ...operator.outputs, s: [] } }, inputs);
    for (const { bound } of [o, p]) expect(bound?.every((e) => e === Infinity)).toBe(true);
    expect((lse.bound?.[0] as number) / Math.max(...(s.bound ?? []))).toBeCloseTo(1, 2);
  });

  it('count a store after every step that leads to the scores', () => {
    const steps = { ...operatorNamed('softmax'), outputs: withoutAxes(['x', 'c', 's']) };
    const inputs = (numeric: Numeric) =>
      inputsFor(steps, { sizes, dtype: 'f16', seed: 3, options: { softcap: 4 }, present: ['bias'], spread: { q: [4, 0] }, numeric });
    const { x, c, s } = evaluateProgram(steps, inputs({ scores: 'storage' }));
    const kept = evaluateProgram(steps, inputs({}));
    const { u } = inputs({}).profile;
    x.value.forEach((value, i) => {
      const product = u * Math.abs(value);
      const capped = product * (1 - (c.value[i] / 4) ** 2) + u * Math.abs(c.value[i]);
      const summed = capped + u * Math.abs(s.value[i]);
      for (const [t, name, stored] of [
        [x, 'x', product],
        [c, 'c', capped],
        [s, 's', summed],
      ] as const) {
        const more = (t.bound?.[i] ?? 0) - (kept[name].bound?.[i] ?? 0);
        expect(more).toBeGreaterThanOrEqual(stored * 0.999);
        expect(more).toBeLessThan(stored * 1.05 + 4 * f16.roundoff ** 2);
      }
    });
  });

  it('are infinite where a stored score may overflow', () => {
    const large = (numeric: Numeric) =>
      inputsFor(operator, { sizes, dtype: 'f16', numeric, options: { scale: 70_000 }, spread: { q: [0, 1], k: [0, 1] } });
    expect(evaluateProgram(operator, large({ scores: 'storage' })).lse.bound?.[0]).toBe(Infinity);
    expect(evaluateProgram(operator, large({})).lse.bound?.[0]).toBeLessThan(1);
  });

  it('of gradients grow with scores that are stored in 16 bits, for q and k', () => {
    const inputs = (numeric: Numeric) => inputsFor(operator, { sizes, dtype: 'f16', numeric, seed: 5 });
    const cotangents = randomCotangents(operatorNamed('softmax'), inputs({}), evaluateProgram(operator, inputs({})), 3);
    const stored = evaluateGradients(operator, inputs({}), cotangents);
    const kept = evaluateGradients(operator, inputs({ scoreGradients: 'accumulate' }), cotangents);
    for (const name of ['q', 'k']) {
      const more = (stored[name].bound ?? []).map((e, i) => e - (kept[name].bound?.[i] ?? 0));
      expect(more.every((e) => e > 0)).toBe(true);
    }
    expect(stored.v.bound).toEqual(kept.v.bound);
    expect(stored.v.bound?.every((e) => e > f16.roundoff * 1e-4)).toBe(true);
  });
});
