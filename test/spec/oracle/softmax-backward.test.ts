import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../spec/dialect.js';
import { storedBound } from '../../../spec/oracle/output-bound.js';
import { softmaxBackward } from '../../../spec/oracle/softmax-backward.js';
import { softmaxForward } from '../../../spec/oracle/softmax-forward.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import { type Given, givens, problem } from './problems.js';

/** Σ do·o + Σ dlse·lse, whose derivatives the backward pass is. */
function loss(given: Given): number {
  const { outputs, empty } = softmaxForward(problem(given));
  let sum = 0;
  outputs.o.value.forEach((x, i) => {
    sum += x * given.inputs.do.data[i];
  });
  outputs.lse.value.forEach((x, i) => {
    if (!empty[i] && x !== -Infinity) sum += x * given.inputs.dlse.data[i];
  });
  return sum;
}

function withElement(given: Given, name: string, at: number, value: number): Given {
  const data = given.inputs[name].data.slice();
  data[at] = value;
  return { ...given, inputs: { ...given.inputs, [name]: { ...given.inputs[name], data } as Float64Tensor } };
}

describe('softmaxBackward', () => {
  const dialects = fc.constantFrom<Dialect>({}, { lseBase: '2' }, { lseSink: 'excluded' }, { bias: 'before-softcap' });
  test.prop([givens(), dialects], { numRuns: 80 })('agrees with finite differences', (base, dialect) => {
    const given = { ...base, dialect };
    const { outputs } = softmaxBackward(problem(given));
    const h = 1e-5;
    for (const name of ['q', 'k', 'v', 'sink', 'bias', 'alibi']) {
      if (!given.inputs[name]) continue;
      const gradient = outputs[`d${name}`];
      expect(gradient.shape).toEqual(given.inputs[name].shape);
      for (let at = 0; at < gradient.value.length; at += 1 + (at % 3)) {
        const x = given.inputs[name].data[at];
        const slope = (loss(withElement(given, name, at, x + h)) - loss(withElement(given, name, at, x - h))) / (2 * h);
        expect(Math.abs(slope - gradient.value[at])).toBeLessThan(1e-5 * (1 + Math.abs(slope)));
      }
    }
  });

  const f = Math.fround;
  /** Orders in which a right kernel in float32 may multiply dK = P · (dP − Δ) · scale · q: what is lost near zero is multiplied with what comes after. */
  const orders: ((p: number, apart: number, scale: number, q: number) => number)[] = [
    (p, apart, scale, q) => f(f(f(p * apart) * scale) * q),
    (p, apart, scale, q) => f(f(f(p * scale) * apart) * q),
    (p, apart, scale, q) => f(f(p * apart) * f(scale * q)),
    (p, apart, scale, q) => f(f(f(p * f(scale * q))) * apart),
  ];
  const tinyWeights = fc.record({
    gap: fc.double({ min: 86, max: 104, noNaN: true }),
    scale: fc.constantFrom(1, 0.5, f(1 / Math.sqrt(40)), 1 / 16),
    query: fc.integer({ min: 1, max: 200 }),
    apart: fc.integer({ min: 1, max: 400 }),
    order: fc.constantFrom(...orders),
  });
  test.prop([tinyWeights], { numRuns: 2000 })(
    'bounds what is lost near zero, whatever the scale is multiplied with first',
    ({ gap, scale, query, apart, order }) => {
      const key = f(gap / (scale * query));
      const row = (...data: number[]): Float64Tensor => ({ shape: [1, 1, data.length, 1], data: Float64Array.from(data) });
      const given: Given = {
        dims: { b: 1, hk: 1, g: 1, m: 1, n: 2, d: 1, e: 1 },
        dtype: 'f32',
        options: { scale },
        inputs: { q: row(query), k: row(key, 0), v: row(0, apart), do: row(1), dlse: { shape: [1, 1, 1], data: new Float64Array(1) } },
      };
      const { value, bound } = softmaxBackward(problem(given)).outputs.dk;
      // the largest score's exponential is 1, and the sum is 1
      const weight = f(Math.exp(-f(f(query * key) * scale)));
      const actual = order(weight, apart, scale, query);
      expect(Math.abs(actual - value[1])).toBeLessThanOrEqual(storedBound(value[1], bound[1], 'f32', false));
    },
  );

  test.prop([givens()], { numRuns: 100 })('is exactly zero where a row sees nothing, whatever it holds', (given) => {
    const { outputs, empty } = softmaxBackward(problem(given));
    const { d } = given.dims;
    empty.forEach((is, row) => {
      if (!is) return;
      for (let x = 0; x < d; x++) {
        expect(outputs.dq.value[row * d + x]).toBe(0);
        expect(outputs.dq.bound[row * d + x]).toBe(0);
      }
    });
  });

  test.prop([givens(), fc.array(fc.boolean(), { minLength: 1, maxLength: 7 })], { numRuns: 100 })(
    'is the sum of the gradients of any two halves of the rows, whose bounds are no wider',
    (given, halves) => {
      const inHalf = (half: boolean) => {
        const rows = given.inputs.dlse.data.length;
        const cleared = (name: string): Float64Tensor => {
          const { shape, data } = given.inputs[name];
          const width = data.length / rows;
          return { shape, data: data.map((x, at) => (halves[Math.floor(at / width) % halves.length] === half ? x : 0)) };
        };
        return softmaxBackward(problem({ ...given, inputs: { ...given.inputs, do: cleared('do'), dlse: cleared('dlse') } })).outputs;
      };
      const [whole, one, other] = [softmaxBackward(problem(given)).outputs, inHalf(true), inHalf(false)];
      for (const [name, { value, bound }] of Object.entries(whole)) {
        value.forEach((x, at) => {
          expect(Math.abs(one[name].value[at] + other[name].value[at] - x)).toBeLessThanOrEqual(
            1e-12 * (1 + Math.abs(x)) + 1e-3 * bound[at],
          );
          expect(one[name].bound[at]).toBeLessThanOrEqual(bound[at] * (1 + 1e-9));
        });
      }
    },
  );

  const score = fc.double({ min: -60, max: -20, noNaN: true }).map(Math.fround);
  const near = fc.double({ min: 0.97, max: 1.03, noNaN: true });
  test.prop([score, near, near], { numRuns: 200 })(
    'covers a kernel in float32 whose output and LSE have weights of their own, where the cotangent of the LSE cancels that of the output',
    (q, cotangent, ratio) => {
      const scalar = (x: number, ...shape: number[]): Float64Tensor => ({ shape, data: Float64Array.of(x) });
      const f = Math.fround;
      const [k, v, sink, dOut] = [f(1.3), f(-1.7), f(0.3), f(cotangent)];
      const dLse = f(-dOut * v * ratio);
      const inputs = {
        ...{ q: scalar(q, 1, 1, 1, 1), k: scalar(k, 1, 1, 1, 1), v: scalar(v, 1, 1, 1, 1), sink: scalar(sink, 1) },
        ...{ do: scalar(dOut, 1, 1, 1, 1), dlse: scalar(dLse, 1, 1, 1) },
      };
      const dims = { b: 1, hk: 1, g: 1, m: 1, n: 1, d: 1, e: 1 };
      const { outputs } = softmaxBackward(problem({ dims, dtype: 'f32', options: { sink: true, scale: 1 }, inputs }));
      const s = f(q * k);
      // the output's: powers of two of scaled scores, divided by their sum; the LSE's: exp(s − LSE)
      const sum = f(f(2 ** f(f(s * f(Math.LOG2E)) - f(sink * f(Math.LOG2E)))) + 1);
      const weight = f(f(2 ** f(f(s * f(Math.LOG2E)) - f(sink * f(Math.LOG2E)))) / sum);
      const weightOfLse = f(Math.exp(f(s - f(sink + f(Math.log(sum))))));
      const dP = f(dOut * v);
      const dS = f(f(f(weight * dP) - f(weight * f(weight * dP))) + f(weightOfLse * dLse));
      const { value, bound } = outputs.dq;
      expect(Math.abs(f(dS * k) - value[0])).toBeLessThanOrEqual(storedBound(value[0], bound[0], 'f32', false));
      const sinkWeight = f(1 / sum);
      const dSink = f(f(-sinkWeight * f(weight * dP)) + f(f(Math.exp(f(sink - f(sink + f(Math.log(sum)))))) * dLse));
      expect(Math.abs(dSink - outputs.dsink.value[0])).toBeLessThanOrEqual(
        storedBound(outputs.dsink.value[0], outputs.dsink.bound[0], 'f32', false),
      );
    },
  );

  it('bounds dk and dv by the rows that have cotangents, and leaves no room for dq of the others', () => {
    const of = (m: number) => {
      const values = (shape: readonly number[], fill: (at: number) => number): Float64Tensor => {
        const data = new Float64Array(shape.reduce((x, y) => x * y, 1));
        return { shape, data: data.map((_, at) => fill(at)) };
      };
      const shape = [1, 1, m, 2];
      const { outputs } = softmaxBackward(
        problem({
          dims: { b: 1, hk: 1, g: 1, m, n: 3, d: 2, e: 2 },
          inputs: {
            q: values(shape, (at) => Math.sin(at)),
            k: values([1, 1, 3, 2], Math.cos),
            v: values([1, 1, 3, 2], Math.sin),
            do: values(shape, (at) => (at < 4 ? 1 + at : 0)),
          },
        }),
      );
      return outputs;
    };
    const [few, many] = [of(2), of(4000)];
    expect(many.dk.bound).toEqual(few.dk.bound);
    expect(many.dv.bound).toEqual(few.dv.bound);
    expect(many.dq.value.subarray(4).every((x) => x === 0)).toBe(true);
    expect(many.dq.bound.subarray(4).every((x) => x === 0)).toBe(true);
  });

  test.prop([givens('f16')], { numRuns: 100 })('has bounds that are never negative or NaN', (given) => {
    const { outputs } = softmaxBackward(problem({ ...given, dtype: 'f16' }));
    for (const { bound } of Object.values(outputs)) for (const e of bound) expect(e >= 0).toBe(true);
  });

  test.prop([fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 64, maxLength: 64 })])(
    'covers a sum over queries that is kept in storage between blocks, where that is declared',
    (units) => {
      // with one key every weight is 1, and dv is the sum of do
      const one = (rows: number, data: Float64Array): Float64Tensor => ({ shape: [1, 1, rows, 1], data });
      const cotangents = Float64Array.from(units, (x) => x * 0.7 * 2 ** -24).map((x) => roundTo('f16', x));
      const given: Given = {
        dims: { b: 1, hk: 1, g: 1, m: 64, n: 1, d: 1, e: 1 },
        dtype: 'f16',
        numeric: { partials: 'storage' },
        inputs: { q: one(64, new Float64Array(64)), k: one(1, Float64Array.of(1)), v: one(1, Float64Array.of(1)), do: one(64, cotangents) },
      };
      let sum = 0;
      cotangents.forEach((x, i) => {
        sum += x;
        if (i % 16 === 15) sum = roundTo('f16', sum);
      });
      const { value, bound } = softmaxBackward(problem(given)).outputs.dv;
      expect(Math.abs(sum - value[0])).toBeLessThanOrEqual(storedBound(value[0], bound[0], 'f16', false));
    },
  );
});
