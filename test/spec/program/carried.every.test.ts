import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxed, columnsOf, imageOf, reachOf, widthsOf, withRest } from '../../../spec/program/carried/ellipsoid.js';
import { evaluateGradients, evaluateProgram, type ProgramInputs, type ProgramTensor } from '../../../spec/program/run.js';
import { asksAll, firstOf } from '../../some.js';
import { inputsFor, operatorNamed, randomCotangents, randomNumbers, toUnitRows } from './fixtures.js';

const delta = operatorNamed('delta');
const u = 2 ** -24;
type Round = (x: number) => number;

/** Ways to round: to float32, or off by the most that float32 may be, to one side or to random ones. */
const roundings: Readonly<Record<string, (seed: number) => Round>> = {
  nearest: () => Math.fround,
  larger: () => (x) => x * (1 + u),
  smaller: () => (x) => x * (1 - u),
  any: (seed) => {
    const next = randomNumbers(seed);
    return (x) => x * (1 + (next() < 0 ? u : -u));
  },
};

interface Computed {
  readonly [name: string]: Float64Array;
}

/** The delta rule as a plain loop over the tokens of one head, forward and backward, every operation rounded. */
function loop({ sizes: { n, d, e }, tensors }: ProgramInputs, cotangents: Readonly<Record<string, ProgramTensor>>, r: Round): Computed {
  const [q, k, v, beta] = ['q', 'k', 'v', 'beta'].map((name) => tensors[name].value);
  const [dO, dState] = ['o', 'state'].map((name) => cotangents[name].value);
  const scale = r(1 / Math.sqrt(d));
  const out = { o: v.slice(), q: q.slice(), k: k.slice(), v: v.slice(), beta: beta.slice() };
  const sum = (count: number, term: (i: number) => number) => {
    let total = 0;
    for (let i = 0; i < count; i++) total = i === 0 ? term(i) : r(total + term(i));
    return total;
  };
  const states = [new Float64Array(d * e)];
  const missed: Float64Array[] = [];
  for (let t = 0; t < n; t++) {
    const s = states[t];
    const read = Float64Array.from({ length: e }, (_, y) => sum(d, (x) => r(s[x * e + y] * k[t * d + x])));
    const less = read.map((x, y) => r(v[t * e + y] - x));
    missed.push(less);
    const next = s.map((x, at) => r(x + r(k[t * d + Math.floor(at / e)] * r(beta[t] * less[at % e]))));
    for (let y = 0; y < e; y++) out.o[t * e + y] = r(scale * sum(d, (x) => r(next[x * e + y] * q[t * d + x])));
    states.push(next);
  }
  let ds = dState.slice();
  for (let t = n - 1; t >= 0; t--) {
    const scaled = Float64Array.from({ length: e }, (_, y) => r(scale * dO[t * e + y]));
    for (let x = 0; x < d; x++) out.q[t * d + x] = sum(e, (y) => r(states[t + 1][x * e + y] * scaled[y]));
    ds = ds.map((g, at) => r(g + r(q[t * d + Math.floor(at / e)] * scaled[at % e])));
    const du = Float64Array.from({ length: e }, (_, y) => sum(d, (x) => r(k[t * d + x] * ds[x * e + y])));
    const dLess = du.map((g) => r(beta[t] * g));
    out.beta[t] = sum(e, (y) => r(du[y] * missed[t][y]));
    for (let y = 0; y < e; y++) out.v[t * e + y] = dLess[y];
    for (let x = 0; x < d; x++)
      out.k[t * d + x] = r(sum(e, (y) => r(ds[x * e + y] * r(beta[t] * missed[t][y]))) - sum(e, (y) => r(states[t][x * e + y] * dLess[y])));
    ds = ds.map((g, at) => r(g - r(k[t * d + Math.floor(at / e)] * dLess[at % e])));
  }
  return { ...out, state: states[n] };
}

/** The delta rule in chunks: what the tokens of a chunk write is solved for at once, from the products of their keys (WY form), in float32. */
function chunked({ sizes: { n, d, e }, tensors }: ProgramInputs, chunk: number, r: Round): Computed {
  const [q, k, v, beta] = ['q', 'k', 'v', 'beta'].map((name) => tensors[name].value);
  const scale = r(1 / Math.sqrt(d));
  const o = v.slice();
  let s = new Float64Array(d * e);
  const dot = (count: number, term: (i: number) => number) => {
    let total = 0;
    for (let i = 0; i < count; i++) total = i === 0 ? term(i) : r(total + term(i));
    return total;
  };
  for (let from = 0; from < n; from += chunk) {
    const size = Math.min(chunk, n - from);
    const w = new Float64Array(size * e);
    for (let i = 0; i < size; i++) {
      const own = Float64Array.from({ length: i }, (_, j) => dot(d, (x) => r(k[(from + i) * d + x] * k[(from + j) * d + x])));
      for (let y = 0; y < e; y++) {
        const before = dot(d, (x) => r(k[(from + i) * d + x] * s[x * e + y]));
        const inside = dot(i, (j) => r(own[j] * w[j * e + y]));
        w[i * e + y] = r(beta[from + i] * r(r(v[(from + i) * e + y] - before) - inside));
      }
    }
    for (let i = 0; i < size; i++)
      for (let y = 0; y < e; y++) {
        const before = dot(d, (x) => r(q[(from + i) * d + x] * s[x * e + y]));
        const inside = dot(i + 1, (j) => r(dot(d, (x) => r(q[(from + i) * d + x] * k[(from + j) * d + x])) * w[j * e + y]));
        o[(from + i) * e + y] = r(scale * r(before + inside));
      }
    s = s.map((x, at) => r(x + dot(size, (j) => r(k[(from + j) * d + Math.floor(at / e)] * w[j * e + (at % e)]))));
  }
  return { o, state: s };
}

/** Inputs with keys of length 1 and β in (0, 1), or at its end. */
function drawn(n: number, size: number, seed: number, dtype: 'f32' | 'bf16', full: boolean): ProgramInputs {
  const sizes = { b: 1, hk: 1, g: 1, m: 1, n, d: size, e: size, t: n };
  const inputs = inputsFor(delta, { sizes, seed, dtype, spread: { beta: full ? [0, 1] : [0.5, 0.5] } });
  const stored = (x: number) => (dtype === 'f32' ? Math.fround(x) : Math.round(x * 256) / 256);
  toUnitRows(inputs, stored);
  return inputs;
}

/** Largest error ÷ bound of tensors. */
function worst(expected: Readonly<Record<string, ProgramTensor>>, actual: Computed): number {
  let most = 0;
  for (const [name, { value, bound }] of Object.entries(expected))
    for (const [i, x] of value.entries()) {
      const error = Math.abs(actual[name][i] - x);
      const allowed = (bound?.[i] ?? 0) + 1e-30;
      // an error that is not a number is above every bound
      if (!(error / allowed <= most)) most = error / allowed;
    }
  return most;
}

function relative({ value, bound }: ProgramTensor): number {
  return Math.max(...(bound ?? [0])) / Math.max(...value.map(Math.abs));
}

describe('the bound of a delta rule over many tokens', () => {
  it.each(
    firstOf(
      [
        [64, 4],
        [100, 1],
        [256, 2],
      ] as const,
      2,
    ),
  )('of %d tokens of %d channels holds for loops, whichever way they round, forward and backward', (n, size) => {
    let largest = 0;
    // keys of one channel are 1 or −1: products with them are exact, which only rounding to the nearest knows
    const kinds = size === 1 ? ['nearest'] : ['nearest', 'larger', 'smaller', 'any'];
    for (const [at, kind] of kinds.entries())
      for (const [dtype, full] of [
        ['f32', false],
        ['f32', true],
        ['bf16', false],
      ] as const) {
        const inputs = drawn(n, size, at + n, dtype, full);
        const outputs = evaluateProgram(delta, inputs);
        const cotangents = randomCotangents(delta, inputs, outputs, at);
        const actual = loop(inputs, cotangents, roundings[kind](at));
        const over = Math.max(worst(outputs, actual), worst(evaluateGradients(delta, inputs, cotangents), actual));
        expect(over, `${kind} ${dtype}`).toBeLessThanOrEqual(1);
        largest = Math.max(largest, over);
        expect(Math.max(relative(outputs.o), relative(outputs.state))).toBeLessThan(2e-3);
      }
    // a bound far above every error would see no fault
    expect(largest).toBeGreaterThan(0.002);
  });

  it.each(firstOf([16, 64], 1))('holds for the WY form in chunks of %d', (chunk) => {
    for (const kind of ['nearest', 'any'])
      for (const n of [64, 200]) {
        const inputs = drawn(n, 8, n + chunk, 'f32', false);
        expect(worst(evaluateProgram(delta, inputs), chunked(inputs, chunk, roundings[kind](n)))).toBeLessThanOrEqual(1);
      }
  });

  it.skipIf(asksAll)('sees a state that is kept in bfloat16', () => {
    const inputs = drawn(256, 8, 1, 'f32', false);
    const outputs = evaluateProgram(delta, inputs);
    const short = (x: number) => x + x * 2 ** -9 * Math.sin(1e6 * x);
    const cotangents = randomCotangents(delta, inputs, outputs, 1);
    expect(worst(outputs, loop(inputs, cotangents, short))).toBeGreaterThan(10);
  });
});

describe('an ellipsoid of errors', () => {
  const d = 4;
  const sizes = { d, e: 2, [columnsOf('d')]: d };
  const matrices = fc.array(fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: d * d, maxLength: d * d }), {
    minLength: 1,
    maxLength: 8,
  });

  it.skipIf(asksAll)('has in it every error that steps make of errors by element', () => {
    fc.assert(
      fc.property(
        matrices,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: d, maxLength: d }),
        fc.nat(),
        (steps, rest, seed) => {
          const next = randomNumbers(seed);
          // at corners and inside, of two columns
          const error = (i: number) => rest[i] * (next() < 0 ? next() : Math.sign(next()));
          const r = Float64Array.from({ length: 2 * d }, (_, at) => rest[Math.floor(at / 2)]);
          let all = boxed(r, ['d', 'e'], 'd', [], sizes);
          const columns = [0, 1].map(() => Array.from({ length: d }, (_, i) => error(i)));
          const row: ProgramTensor = { axes: [columnsOf('d')], value: Float64Array.from({ length: d }, next) };
          for (const a of steps) {
            const coefficient = { axes: ['d', columnsOf('d')], shape: [d, d], value: Float64Array.from(a) };
            all = withRest(imageOf(all, coefficient, sizes), r, ['d', 'e'], sizes);
            for (const x of columns) {
              const before = x.slice();
              for (let i = 0; i < d; i++) x[i] = before.reduce((sum, y, j) => sum + a[i * d + j] * y, error(i));
              for (const [i, width] of widthsOf(all, sizes).value.entries()) expect(Math.abs(x[i])).toBeLessThanOrEqual(width);
              const read = x.reduce((sum, y, j) => sum + row.value[j] * y, 0);
              expect(Math.abs(read)).toBeLessThanOrEqual(reachOf(all, row, sizes).value[0]);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
