import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateProgram, type ProgramInputs } from '../../../spec/program/run.js';
import { inputsFor, operatorNamed, sizesUpTo } from './fixtures.js';

const dims = sizesUpTo({ b: 2, hk: 2, g: 2, m: 6, n: 8, d: 5, e: 4 });

const phi = (x: number) => (x > 0 ? x + 1 : Math.exp(x));

/** Σ w_j v_j / (Σ w_j + eps) with weights w_j = φ(q)·φ(k_j), made one by one. */
function explicitWeights({ sizes, tensors }: ProgramInputs, m: number, sees: (i: number, j: number) => boolean, eps: number): number[] {
  const { b, hk, g, n, d, e } = sizes;
  const [q, k, v] = ['q', 'k', 'v'].map((name) => tensors[name].value);
  const out: number[] = [];
  for (let row = 0; row < b * hk * g * m; row++) {
    const head = Math.floor(row / (g * m));
    const weights = Array.from({ length: n }, (_, j) => {
      let total = 0;
      for (let x = 0; x < d; x++) total += phi(q[row * d + x]) * phi(k[(head * n + j) * d + x]);
      return sees(row % m, j) ? total : 0;
    });
    const sum = weights.reduce((a, w) => a + w, eps);
    for (let y = 0; y < e; y++) out.push(weights.reduce((a, w, j) => a + w * v[(head * n + j) * e + y], 0) / sum);
  }
  return out;
}

/** Σ_{j≤i} exp(−decay·(i − j)) (q_i·k_j) v_j, pair by pair. */
function explicitDecay({ sizes, tensors }: ProgramInputs): number[] {
  const { b, hk, g, n, d, e } = sizes;
  const [q, k, v] = ['q', 'k', 'v'].map((name) => tensors[name].value);
  const out: number[] = [];
  for (let row = 0; row < b * hk * g * n; row++) {
    const head = Math.floor(row / (g * n));
    const i = row % n;
    for (let y = 0; y < e; y++) {
      let o = 0;
      for (let j = 0; j <= i; j++) {
        let score = 0;
        for (let x = 0; x < d; x++) score += q[row * d + x] * k[(head * n + j) * d + x];
        o += Math.exp(-(tensors.decay?.value[head % hk] ?? 0) * (i - j)) * score * v[(head * n + j) * e + y];
      }
      out.push(o);
    }
  }
  return out;
}

/** softmax over the channels of q, softmax over the positions of k, multiplied out position by position. */
function explicitEfficient({ sizes, tensors }: ProgramInputs): number[] {
  const { b, hk, g, m, n, d, e } = sizes;
  const [q, k, v] = ['q', 'k', 'v'].map((name) => tensors[name].value);
  const out: number[] = [];
  for (let row = 0; row < b * hk * g * m; row++) {
    const head = Math.floor(row / (g * m));
    const key = (j: number, x: number) => Math.exp(k[(head * n + j) * d + x]);
    const query = Array.from({ length: d }, (_, x) => Math.exp(q[row * d + x]));
    const total = query.reduce((a, x) => a + x, 0);
    for (let y = 0; y < e; y++) {
      let o = 0;
      for (let x = 0; x < d; x++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += key(j, x);
        for (let j = 0; j < n; j++) o += (query[x] / total) * (key(j, x) / sum) * v[(head * n + j) * e + y];
      }
      out.push(o);
    }
  }
  return out;
}

function expectClose(actual: Float64Array, expected: number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, x] of expected.entries()) expect(Math.abs(actual[i] - x)).toBeLessThan(1e-12 * (1 + Math.abs(x)));
}

describe('operators without a softmax over scores', () => {
  it('linear is a mean with weights φ(q)·φ(k)', () => {
    fc.assert(
      fc.property(dims, fc.nat(), fc.constantFrom(undefined, 0.01), (sizes, seed, eps) => {
        const inputs = inputsFor(operatorNamed('linear'), { sizes, seed, options: eps ? { eps } : {} });
        expectClose(
          evaluateProgram(operatorNamed('linear'), inputs).o.value,
          explicitWeights(inputs, sizes.m, () => true, eps ?? 1e-6),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('linear-causal is that over the keys up to each query', () => {
    fc.assert(
      fc.property(dims, fc.nat(), fc.constantFrom(undefined, 0.01), (sizes, seed, eps) => {
        const inputs = inputsFor(operatorNamed('linear-causal'), { sizes, seed, options: eps ? { eps } : {} });
        expectClose(
          evaluateProgram(operatorNamed('linear-causal'), inputs).o.value,
          explicitWeights(inputs, sizes.n, (i, j) => j <= i, eps ?? 1e-6),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('linear-decay weighs each pair by q·k, less by exp(−decay) for each token between', () => {
    fc.assert(
      fc.property(dims, fc.nat(), fc.boolean(), (sizes, seed, decays) => {
        const operator = operatorNamed('linear-decay');
        const setup = { sizes, seed, present: decays ? ['decay'] : [], spread: { decay: [0.5, 0.5] } } as const;
        const inputs = inputsFor(operator, setup);
        expectClose(evaluateProgram(operator, inputs).o.value, explicitDecay(inputs));
      }),
      { numRuns: 100 },
    );
  });

  it('efficient is a product of two softmaxes', () => {
    fc.assert(
      fc.property(dims, fc.nat(), (sizes, seed) => {
        const inputs = inputsFor(operatorNamed('efficient'), { sizes, seed });
        expectClose(evaluateProgram(operatorNamed('efficient'), inputs).o.value, explicitEfficient(inputs));
      }),
      { numRuns: 100 },
    );
  });
});
