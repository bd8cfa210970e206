import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Problem } from '../../../spec/problem.js';
import { interpret } from '../../../spec/program/interpret.js';
import { operatorNamed } from '../program/fixtures.js';
import { type Given, givens, problem as problemOf } from './problems.js';

const options = fc.record({
  anchor: fc.integer({ min: 0, max: 4 }),
  block: fc.integer({ min: 1, max: 4 }),
  top: fc.integer({ min: 0, max: 3 }),
});

/** Causal, and with these scores of the keys [b, hk, n]. */
function problemWith(given: Given, chosen: { anchor: number; block: number; top: number }, scores: (at: number) => number): Problem {
  const { sink: _, alibi: __, bias: ___, ...inputs } = given.inputs;
  const { b, hk, m, n } = given.dims;
  const score = { shape: [b, hk, n], data: Float64Array.from({ length: b * hk * n }, (_, at) => scores(at)) };
  const visible = (_: number, __: number, i: number, j: number) => j <= i + n - m;
  return { ...problemOf({ ...given, options: chosen, inputs: { ...inputs, score }, visible }), operator: operatorNamed('apb') };
}

/** True if a query sees a key that is not after it: by lists, block by block. */
function sees({ case: { dims, options }, inputs }: Problem, head: number, query: number, key: number): boolean {
  const [anchor, block, top] = [options.anchor, options.block, options.top] as number[];
  if (key < anchor) return true;
  const keys: number[] = [];
  for (let j = key - (key % block); j < Math.min(dims.n, key - (key % block) + block); j++) if (j >= anchor) keys.push(j);
  const scores = inputs.score.data.subarray(head * dims.n, (head + 1) * dims.n);
  const larger = keys.filter((j) => scores[j] > scores[key]).length;
  return query - (query % block) === key - (key % block) || larger < top;
}

it('is softmax over what each query sees, and its fused oracle has the value of its program', () => {
  fc.assert(
    fc.property(givens(), options, fc.infiniteStream(fc.double({ min: -2, max: 2, noNaN: true })), (given, chosen, stream) => {
      const drawn = new Map<number, number>();
      // no two are the same
      const problem = problemWith(given, chosen, (at) => {
        for (let x = stream.next().value; !drawn.has(at); x += 1e-3) if (![...drawn.values()].includes(x)) drawn.set(at, x);
        return drawn.get(at) as number;
      });
      const { o, lse } = expectationOf(problem, false).outputs;
      const { b, hk, g, m, n, d, e } = given.dims;
      const { q, k, v } = problem.inputs;
      for (let row = 0; row < b * hk * g * m; row++) {
        const head = Math.floor(row / (m * g));
        const query = (row % m) + n - m;
        const weights = Array.from({ length: n }, (_, j) => {
          let score = 0;
          for (let x = 0; x < d; x++) score += q.data[row * d + x] * k.data[(head * n + j) * d + x];
          return j <= query && sees(problem, head, query, j) ? Math.exp(score / Math.sqrt(d)) : 0;
        });
        const sum = weights.reduce((x, y) => x + y, 0);
        if (sum === 0) expect(lse.value[row]).toBe(-Infinity);
        else expect(lse.value[row]).toBeCloseTo(Math.log(sum), 10);
        for (let y = 0; y < e; y++) {
          const expected = sum === 0 ? 0 : weights.reduce((total, w, j) => total + w * v.data[(head * n + j) * e + y], 0) / sum;
          expect(o.value[row * e + y]).toBeCloseTo(expected, 10);
          expect(o.bound[row * e + y]).toBeLessThan(1e-9);
        }
      }
      for (const gradients of [false, true]) {
        const fused = expectationOf(problem, gradients).outputs;
        const whole = interpret(problem, gradients).outputs;
        // no gradient reaches the scores of the compressor
        expect(whole.dscore).toBeUndefined();
        expect(Object.keys(fused).sort()).toEqual(Object.keys(whole).sort());
        for (const [name, { value }] of Object.entries(whole))
          value.forEach((x, at) => {
            if (Number.isFinite(x)) expect(fused[name].value[at]).toBeCloseTo(x, 10);
            else expect(fused[name].value[at]).toBe(x);
          });
      }
    }),
    { numRuns: 60 },
  );
});

it('leaves undecided the rows that see keys of which a tie decides whether they are passed on, and no others', () => {
  const dims = { b: 1, hk: 1, g: 1, m: 6, n: 6, d: 2, e: 1 };
  const given = fc.sample(givens(), { numRuns: 1, seed: 1 })[0];
  const ones = (shape: number[]) => ({ shape, data: new Float64Array(shape.reduce((x, y) => x * y, 1)).fill(1) });
  const inputs = { q: ones([1, 1, 6, 2]), k: ones([1, 1, 6, 2]), v: ones([1, 1, 6, 1]) };
  // blocks of two: the keys of the first are tied, those of the others are not
  const scores = [1, 1, 2, 3, 4, 5];
  const undecided = (anchor: number, top: number) => {
    const problem = problemWith({ ...given, dims, inputs, numeric: {} }, { anchor, block: 2, top }, (at) => scores[at]);
    return [...expectationOf(problem, false).outputs.o.bound].map((bound) => bound === Infinity);
  };
  expect(undecided(0, 1)).toEqual([false, false, true, true, true, true]);
  // both are passed on, one is in the anchor, none is passed on
  for (const [anchor, top] of [
    [0, 2],
    [1, 1],
    [0, 0],
  ])
    expect(undecided(anchor, top)).toEqual(new Array(6).fill(false));
});
