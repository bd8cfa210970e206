import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Problem } from '../../../spec/problem.js';
import { interpret } from '../../../spec/program/interpret.js';
import { operatorNamed } from '../program/fixtures.js';
import { givens, problem as problemOf } from './problems.js';

const options = fc.record({
  segment: fc.integer({ min: 1, max: 5 }),
  ratio: fc.integer({ min: 1, max: 3 }),
  levels: fc.integer({ min: 1, max: 3 }),
});

/** How many branches have query i and key j of head h: kept rows of a segment, branch by branch, as lists. */
function branchesWith({ case: { dims, options } }: Problem, h: number, i: number, j: number): number {
  const [segment, ratio, levels] = [options.segment, options.ratio, options.levels] as number[];
  const query = i + dims.n - dims.m;
  let count = 0;
  for (let level = 0; level < levels; level++) {
    const rate = ratio ** level;
    const kept = Math.floor(h / Math.ceil((dims.hk * dims.g) / rate));
    for (let start = -20 * segment * rate; start < dims.n; start += segment * rate) {
      const rows: number[] = [];
      for (let row = start + kept; row < start + segment * rate; row += rate) rows.push(row);
      if (rows.includes(query) && rows.includes(j)) count++;
    }
  }
  return count;
}

it('is softmax weighed by branches, and its fused oracle has the value of its program', () => {
  fc.assert(
    fc.property(givens(), options, (given, branches) => {
      const { sink: _, alibi: __, bias: ___, ...inputs } = given.inputs;
      const problem = { ...problemOf({ ...given, options: branches, inputs }), operator: operatorNamed('dilated') };
      const { dims } = given;
      const { o } = expectationOf(problem, false).outputs;
      const { q, k, v } = problem.inputs;
      const { b, hk, g, m, n, d, e } = dims;
      for (let row = 0; row < b * hk * g * m; row++) {
        const [batch, h, i] = [Math.floor(row / (m * hk * g)), Math.floor(row / m) % (hk * g), row % m];
        const head = batch * hk + Math.floor(h / g);
        const weights = Array.from({ length: n }, (_, j) => {
          let score = 0;
          for (let x = 0; x < d; x++) score += q.data[row * d + x] * k.data[(head * n + j) * d + x];
          return problem.mask.visible(batch, h, i, j) ? branchesWith(problem, h, i, j) * Math.exp(score / Math.sqrt(d)) : 0;
        });
        const sum = weights.reduce((x, y) => x + y, 0);
        for (let y = 0; y < e; y++) {
          const expected = sum === 0 ? 0 : weights.reduce((total, w, j) => total + w * v.data[(head * n + j) * e + y], 0) / sum;
          expect(o.value[row * e + y]).toBeCloseTo(expected, 10);
        }
      }
      for (const gradients of [false, true]) {
        const fused = expectationOf(problem, gradients).outputs;
        const whole = interpret(problem, gradients).outputs;
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
