import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Dialect } from '../../../spec/dialect.js';
import { storedBound } from '../../../spec/oracle/output-bound.js';
import { softmaxForward } from '../../../spec/oracle/softmax-forward.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import { biasAt, type Given, givens, problem, textbook } from './problems.js';

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    if (Number.isFinite(expected[i]))
      expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(tolerance * (1 + Math.abs(expected[i])));
    else expect(actual[i]).toBe(expected[i]);
  }
}

const outputs = (given: Given) => softmaxForward(problem(given)).outputs;
const values = (given: Given) => ({ o: outputs(given).o.value, lse: outputs(given).lse.value });

describe('softmaxForward', () => {
  const biases = fc.constantFrom<Dialect>({}, { bias: 'before-softcap' });
  test.prop([givens(), biases], { numRuns: 300 })('is the textbook formula', (base, dialect) => {
    const given = { ...base, dialect };
    const expected = textbook(given);
    near(values(given).o, expected.o);
    near(values(given).lse, expected.lse);
  });

  const single = fc.oneof(givens('f32'), givens('f32', 25));
  test.prop([single, biases], { numRuns: 500 })('has a bound that float32 arithmetic never leaves', (base, dialect) => {
    const given = { ...base, dialect };
    const { outputs, empty } = softmaxForward(problem(given));
    const actual = textbook(given, Math.fround);
    for (const name of ['o', 'lse'] as const) {
      const { value, bound } = outputs[name];
      value.forEach((x, i) => {
        const allowed = storedBound(x, bound[i], 'f32', false);
        expect(Object.is(x, actual[name][i]) || Math.abs(actual[name][i] - x) <= allowed || empty[i] === 1).toBe(true);
      });
    }
  });

  test.prop([givens('f16')], { numRuns: 200 })('has a wider bound for a narrower type, and a finite one for tame scores', (given) => {
    const narrow = softmaxForward(problem(given)).outputs.o.bound;
    const wide = softmaxForward(problem({ ...given, dtype: 'f32' })).outputs.o.bound;
    narrow.forEach((e, i) => {
      expect(Number.isFinite(e)).toBe(true);
      expect(e).toBeGreaterThanOrEqual(wide[i]);
    });
  });

  test.prop([fc.integer({ min: 600, max: 3000 }), fc.nat()], { numRuns: 12 })(
    'has a bound for sums in chains of 64 keys that such sums in float32 never leave',
    (n, seed) => {
      const drawn = (size: number, salt: number) =>
        Float64Array.from({ length: size }, (_, i) => Math.fround(Math.sin(seed + salt + 1.7 * i * i)));
      const inputs = {
        q: { shape: [1, 1, 1, 4], data: drawn(4, 1) },
        k: { shape: [1, 1, n, 4], data: drawn(4 * n, 2) },
        v: { shape: [1, 1, n, 1], data: drawn(n, 3) },
      };
      const dims = { b: 1, hk: 1, g: 1, m: 1, n, d: 4, e: 1 };
      const given = { dims, inputs, dtype: 'f32', options: {}, mask: { name: 'full' } } as unknown as Given;
      const one = problem(given);
      const chained = { ...one, numeric: { ...one.numeric, chain: 64, tile: 64 } };
      const [wide, narrow] = [softmaxForward({ ...one, numeric: { ...one.numeric, tile: 64 } }), softmaxForward(chained)].map(
        (x) => x.outputs,
      );
      expect(narrow.lse.bound[0]).toBeLessThan(wide.lse.bound[0]);
      const f = Math.fround;
      let [sum, out] = [0, 0];
      for (let from = 0; from < n; from += 64) {
        let [part, weighted] = [0, 0];
        for (let j = from; j < Math.min(n, from + 64); j++) {
          let score = 0;
          for (let x = 0; x < 4; x++) score = f(score + f(inputs.q.data[x] * inputs.k.data[4 * j + x]));
          const p = f(Math.exp(f(score / 2)));
          part = f(part + p);
          weighted = f(weighted + f(p * inputs.v.data[j]));
        }
        sum = f(sum + part);
        out = f(out + weighted);
      }
      expect(Math.abs(f(Math.log(sum)) - narrow.lse.value[0])).toBeLessThanOrEqual(
        storedBound(narrow.lse.value[0], narrow.lse.bound[0], 'f32', false),
      );
      expect(Math.abs(f(out / sum) - narrow.o.value[0])).toBeLessThanOrEqual(
        storedBound(narrow.o.value[0], narrow.o.bound[0], 'f32', false),
      );
    },
  );

  test.prop([givens()])('does not depend on the order of the keys', (given) => {
    if (given.inputs.alibi) return;
    const { n, d, e } = given.dims;
    const back = (t: Float64Tensor, width: number): Float64Tensor => ({ ...t, data: reverseRows(t.data, n, width) });
    const bias = given.inputs.bias;
    const reversed = {
      ...given,
      inputs: { ...given.inputs, k: back(given.inputs.k, d), v: back(given.inputs.v, e), ...(bias ? { bias: back(bias, 1) } : {}) },
      visible: (b: number, h: number, i: number, j: number) => given.visible?.(b, h, i, n - 1 - j) ?? true,
    };
    near(values(reversed).o, values(given).o);
    near(values(reversed).lse, values(given).lse);
  });

  test.prop([givens()])('is linear in v', (given) => {
    const twice = { ...given, inputs: { ...given.inputs, v: { ...given.inputs.v, data: given.inputs.v.data.map((x) => 2 * x) } } };
    near(
      values(twice).o,
      values(given).o.map((x) => 2 * x),
    );
  });

  test.prop([givens()])('treats batch entries alone', (given) => {
    const { b } = given.dims;
    const entry = (t: Float64Tensor): Float64Tensor => ({ shape: [1, ...t.shape.slice(1)], data: t.data.subarray(0, t.data.length / b) });
    const { q, k, v, bias } = given.inputs;
    const first = {
      ...given,
      dims: { ...given.dims, b: 1 },
      inputs: { ...given.inputs, q: entry(q), k: entry(k), v: entry(v), ...(bias && bias.shape[0] > 1 ? { bias: entry(bias) } : {}) },
    };
    const whole = values(given).o;
    near(values(first).o, whole.subarray(0, whole.length / b), 0);
  });

  test.prop([givens()])('gives the same for ALiBi and for its bias', (given) => {
    const { alibi, bias, ...inputs } = given.inputs;
    if (!alibi) return;
    const { b, hk, g, m, n } = given.dims;
    const shape = [b, hk * g, m, n];
    const data = new Float64Array(b * hk * g * m * n);
    for (let at = 0; at < data.length; at++) {
      const j = at % n;
      const i = Math.floor(at / n) % m;
      const h = Math.floor(at / (n * m)) % (hk * g);
      data[at] = alibi.data[h] * (j - i - (n - m)) + (bias ? biasAt(bias, Math.floor(at / (n * m * hk * g)), h, i, j) : 0);
    }
    near(values({ ...given, inputs: { ...inputs, bias: { shape, data } } }).o, values(given).o);
  });

  test.prop([givens()])('gives the same for a hidden key and for a bias of -infinity', (given) => {
    const { b, hk, g, m, n } = given.dims;
    const shape = [b, hk * g, m, n];
    const bias = given.inputs.bias;
    const data = Float64Array.from({ length: b * hk * g * m * n }, (_, at) => {
      const [j, i, h, x] = [at % n, Math.floor(at / n) % m, Math.floor(at / (n * m)) % (hk * g), Math.floor(at / (n * m * hk * g))];
      if (!given.visible?.(x, h, i, j)) return -Infinity;
      return bias ? biasAt(bias, x, h, i, j) : 0;
    });
    const { o, lse } = values(given);
    const explicit = values({ ...given, inputs: { ...given.inputs, bias: { shape, data } }, visible: () => true });
    near(explicit.lse, lse);
    near(explicit.o, o);
  });

  test.prop([givens()])('gives the same for grouped heads and for repeated keys', (given) => {
    const { b, hk, g, n, d, e } = given.dims;
    const repeat = (t: Float64Tensor, width: number): Float64Tensor => ({
      shape: [b, hk * g, n, width],
      data: Float64Array.from({ length: b * hk * g * n * width }, (_, at) => {
        const inner = n * width;
        const head = Math.floor(at / inner);
        return t.data[Math.floor(head / g) * inner + (at % inner)];
      }),
    });
    const { k, v } = given.inputs;
    const repeated = { ...given, dims: { ...given.dims, hk: hk * g, g: 1 }, inputs: { ...given.inputs, k: repeat(k, d), v: repeat(v, e) } };
    near(values(repeated).o, values(given).o, 0);
  });

  test.prop([givens(), fc.constantFrom(NaN, Infinity, -Infinity)])('is untouched by what a hidden key holds', (given, poison) => {
    const { b, hk, g, m, n, d, e } = given.dims;
    const k = given.inputs.k.data.slice();
    const v = given.inputs.v.data.slice();
    for (let slot = 0; slot < b * hk * n; slot++) {
      const [j, kh, x] = [slot % n, Math.floor(slot / n) % hk, Math.floor(slot / (n * hk))];
      let seen = false;
      for (let h = kh * g; h < (kh + 1) * g; h++) for (let i = 0; i < m; i++) seen ||= given.visible?.(x, h, i, j) ?? true;
      if (seen) continue;
      k.fill(poison, slot * d, (slot + 1) * d);
      v.fill(poison, slot * e, (slot + 1) * e);
    }
    const poisoned = { ...given, inputs: { ...given.inputs, k: { ...given.inputs.k, data: k }, v: { ...given.inputs.v, data: v } } };
    near(values(poisoned).o, values(given).o, 0);
    near(outputs(poisoned).o.bound, outputs(given).o.bound, 0);
  });

  test('has a bound that holds where a score is off by its own, and a sink takes some of the weight', () => {
    const one = (x: number): Float64Tensor => ({ shape: [1, 1, 1, 1], data: Float64Array.of(x) });
    const size = 64;
    const row = (x: (at: number) => number): Float64Tensor => ({
      shape: [1, 1, 1, size],
      data: Float64Array.from({ length: size }, (_, at) => x(at)),
    });
    // products of 100 that cancel: an error of the score that is large beside the roundings of the sum
    const inputs = { q: row(() => 10), k: row((at) => (at % 2 ? 10 : -10)), v: one(1), sink: { shape: [1], data: Float64Array.of(-3) } };
    const { o, lse } = softmaxForward(problem({ dims: { b: 1, hk: 1, g: 1, m: 1, n: 1, d: size, e: 1 }, dtype: 'f32', inputs })).outputs;
    const error = (size * 2 ** -24 * size * 100) / Math.sqrt(size);
    const off = (change: number) => Math.abs(1 / (1 + Math.exp(-3 - change)) - o.value[0]);
    expect(lse.bound[0]).toBeGreaterThan(error / 2);
    expect(Math.max(off(error), off(-error))).toBeLessThanOrEqual(o.bound[0]);
  });

  test('has bounds that are never NaN: what says nothing is undecided', () => {
    const one = (...data: number[]): Float64Tensor => ({ shape: [1, 1, data.length, 1], data: Float64Array.from(data) });
    const { o } = softmaxForward(
      problem({
        dims: { b: 1, hk: 1, g: 1, m: 1, n: 2, d: 1, e: 1 },
        dtype: 'f32',
        options: { softcap: 2 },
        dialect: { softcap: 'after-mask' },
        inputs: { q: one(1), k: one(1, 1), v: one(1, -Infinity) },
        visible: (_b, _h, _i, j) => j === 0,
      }),
    ).outputs;
    expect(o.value[0]).toBe(-Infinity);
    expect(o.bound[0]).toBe(Infinity);
  });

  test('gives empty rows what the dialect says', () => {
    const given: Given = {
      dims: { b: 1, hk: 1, g: 1, m: 1, n: 2, d: 1, e: 1 },
      inputs: {
        q: { shape: [1, 1, 1, 1], data: Float64Array.of(1) },
        k: { shape: [1, 1, 2, 1], data: Float64Array.of(1, 2) },
        v: { shape: [1, 1, 2, 1], data: Float64Array.of(1, 4) },
      },
      visible: () => false,
    };
    expect(values(given)).toEqual({ o: Float64Array.of(0), lse: Float64Array.of(-Infinity) });
    expect(values({ ...given, dialect: { emptyOutput: 'mean', emptyLse: 'zero' } })).toEqual({
      o: Float64Array.of(2.5),
      lse: Float64Array.of(0),
    });
    expect(values({ ...given, dialect: { emptyOutput: 'nan', emptyLse: '+inf' } })).toEqual({
      o: Float64Array.of(NaN),
      lse: Float64Array.of(Infinity),
    });
    const sink = { shape: [1], data: Float64Array.of(3) };
    expect(values({ ...given, inputs: { ...given.inputs, sink } })).toEqual({ o: Float64Array.of(0), lse: Float64Array.of(3) });
  });

  test.prop([givens()])('reads other dialects of the LSE, heads and scale', (given) => {
    const base = values(given);
    near(
      values({ ...given, dialect: { lseBase: '2' } }).lse,
      base.lse.map((x) => x / Math.LN2),
    );
    const { sink, ...without } = given.inputs;
    if (sink) near(values({ ...given, dialect: { lseSink: 'excluded' } }).lse, values({ ...given, inputs: without }).lse);
    if (given.dims.g === 1) near(values({ ...given, dialect: { heads: 'tiled' } }).o, base.o, 0);
    if (given.options?.scale === undefined)
      near(values({ ...given, dialect: { defaultScale: '1' } }).o, values({ ...given, options: { ...given.options, scale: 1 } }).o, 0);
  });

  test.prop([givens()])('with a softcap after the mask lets hidden keys weigh exp(-cap)', (given) => {
    const cap = 1.5;
    const { alibi, bias, ...inputs } = given.inputs;
    const capped = { ...given, inputs, options: { ...given.options, softcap: cap } };
    const after = values({ ...capped, dialect: { softcap: 'after-mask' } });
    const { b, hk, g, m, n } = given.dims;
    // the same as a large negative score before the cap
    const shape = [b, hk * g, m, n];
    const scores = textbookScores(capped);
    const data = Float64Array.from({ length: scores.length }, (_, at) => {
      const [j, i, h, x] = [at % n, Math.floor(at / n) % m, Math.floor(at / (n * m)) % (hk * g), Math.floor(at / (n * m * hk * g))];
      return given.visible?.(x, h, i, j) ? 0 : -cap - scores[at];
    });
    near(after.o, values({ ...capped, inputs: { ...inputs, bias: { shape, data } }, visible: () => true }).o, 1e-10);
  });

  test.prop([givens()])(
    'gives the same for a bias of -infinity before the softcap and for a key that the mask hides before it',
    (given) => {
      const { alibi, bias, ...inputs } = given.inputs;
      const capped = { ...given, inputs, options: { ...given.options, softcap: 1.5 } };
      const { b, hk, g, m, n } = given.dims;
      const data = Float64Array.from({ length: b * hk * g * m * n }, (_, at) => {
        const [j, i, h, x] = [at % n, Math.floor(at / n) % m, Math.floor(at / (n * m)) % (hk * g), Math.floor(at / (n * m * hk * g))];
        return given.visible?.(x, h, i, j) ? 0 : -Infinity;
      });
      const explicit = { ...inputs, bias: { shape: [b, hk * g, m, n], data } };
      const { o, lse } = values({ ...capped, inputs: explicit, visible: () => true, dialect: { bias: 'before-softcap' } });
      const hidden = values({ ...capped, dialect: { softcap: 'after-mask' } });
      near(o, hidden.o);
      near(lse, hidden.lse);
    },
  );

  test.prop([givens()])('evaluates any subset of rows', (given) => {
    const all = outputs(given);
    const some = softmaxForward(problem(given), (_b, _h, i) => i % 2 === 0).outputs;
    const { m, e } = given.dims;
    some.o.value.forEach((x, at) => {
      const evaluated = (Math.floor(at / e) % m) % 2 === 0;
      if (evaluated) expect(x).toBe(all.o.value[at]);
      else expect(some.o.bound[at]).toBe(Infinity);
    });
  });
});

function reverseRows(data: Float64Array, n: number, width: number): Float64Array {
  const out = data.slice();
  for (let block = 0; block < data.length; block += n * width) {
    for (let j = 0; j < n; j++) out.set(data.subarray(block + j * width, block + (j + 1) * width), block + (n - 1 - j) * width);
  }
  return out;
}

/** Capped scores of every cell. */
function textbookScores({ dims, options = {}, inputs }: Given): Float64Array {
  const { b, hk, g, m, n, d } = dims;
  const cap = options.softcap as number;
  const scale = (options.scale as number | undefined) ?? 1 / Math.sqrt(d);
  return Float64Array.from({ length: b * hk * g * m * n }, (_, at) => {
    const [j, i, h, x] = [at % n, Math.floor(at / n) % m, Math.floor(at / (n * m)) % (hk * g), Math.floor(at / (n * m * hk * g))];
    let s = 0;
    for (let c = 0; c < d; c++)
      s += inputs.q.data[((x * hk * g + h) * m + i) * d + c] * inputs.k.data[((x * hk + Math.floor(h / g)) * n + j) * d + c];
    return cap * Math.tanh((s * scale) / cap);
  });
}
