import { allRows } from '../arithmetic/arithmetic.js';
import type { LinearProblem } from './kernel-state.js';
import { queryRow } from './linear-causal.js';
import { type Backward, type Forward, zeroGradients } from './operator-loops.js';

/**
 * o_i = Σ_{j≤i} exp(−s(i − j)) (q_i·k_j) v_j, computed from the state S_i = exp(−s) S_{i−1} + k_i
 * v_iᵀ of each key head (https://arxiv.org/abs/2404.02882).
 */
export const linearDecay: Forward<LinearProblem> = (p) => {
  const a = p.arithmetic;
  const o = new Float64Array(p.b * p.heads * p.n * p.e);
  const rows = allRows(p.d);
  for (let group = 0; group < p.b * p.hk; group++)
    eachRow(p, group, (r, state) => a.combine(p.q.subarray(r * p.d, (r + 1) * p.d), rows, p.d, state, 0, p.e, o, r * p.e));
  return o;
};

/** Computes dq forward, then dk and dv backward from Σ_{i≥j} exp(−s(i − j)) q_i do_iᵀ. */
export const linearDecayBackward: Backward<LinearProblem> = (p, dO) => {
  const a = p.arithmetic;
  const gradients = zeroGradients(p);
  const { dq, dk, dv } = gradients;
  const rows = allRows(p.d);
  for (let group = 0; group < p.b * p.hk; group++) {
    eachRow(p, group, (r, state) => a.dots(dO, r * p.e, state, 0, rows, p.d, p.e, dq.subarray(r * p.d, (r + 1) * p.d)));
    const dState = new Float64Array(p.d * p.e);
    for (let i = p.n - 1; i >= 0; i--) {
      a.multiply(dState, 0, dState.length, keptOf(p, group));
      for (let member = 0; member < p.g; member++) {
        const r = queryRow(p, group, member, i);
        a.spread(p.q.subarray(r * p.d, (r + 1) * p.d), rows, p.d, dO, r * p.e, p.e, dState, 0);
      }
      const key = group * p.n + i;
      a.dots(p.v, key * p.e, dState, 0, rows, p.d, p.e, dk.subarray(key * p.d, (key + 1) * p.d));
      a.combine(p.k.subarray(key * p.d, (key + 1) * p.d), rows, p.d, dState, 0, p.e, dv, key * p.e);
    }
  }
  return gradients;
};

/** Visits a key head's query rows, token by token, with the state of each token. */
function eachRow(p: LinearProblem, group: number, visit: (row: number, state: Float64Array) => void): void {
  const state = new Float64Array(p.d * p.e);
  for (let i = 0; i < p.n; i++) {
    addToken(p, state, group, i);
    for (let member = 0; member < p.g; member++) visit(queryRow(p, group, member, i), state);
  }
}

/** S = exp(−s) S + k vᵀ for token i. */
function addToken(p: LinearProblem, state: Float64Array, group: number, i: number): void {
  const key = group * p.n + i;
  p.arithmetic.multiply(state, 0, state.length, keptOf(p, group));
  p.arithmetic.spread(p.k.subarray(key * p.d, (key + 1) * p.d), allRows(p.d), p.d, p.v, key * p.e, p.e, state, 0);
}

/** Returns the decay per token, exp(−s), or 1. */
function keptOf(p: LinearProblem, group: number): number {
  return p.decay ? p.arithmetic.round(Math.exp(-p.decay[group % p.hk])) : 1;
}
