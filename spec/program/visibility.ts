import { usesMaskAsOperand } from '../operator/facts.js';
import type { Problem } from '../problem.js';
import { headAxes, queryAxis } from './problem-inputs.js';

export interface Visibility {
  /** Mask [b, hk, g, m, n]: 1 if a query sees a key; absent if no mask is needed. */
  readonly mask?: Uint8Array;
  /** 1 for each row [b, hk·g, m] without a visible key or sink; a bias of −∞ hides a key. */
  readonly empty: Uint8Array;
}

export function visibility(problem: Problem): Visibility {
  const { b, hk, g, n } = problem.case.dims;
  const m = problem.case.dims[queryAxis(problem)];
  const heads = hk * g;
  const empty = new Uint8Array(b * heads * m);
  if (queryAxis(problem) === 'n') return { empty };
  const mask = new Uint8Array(b * heads * m * n);
  const runs = new Int32Array(n + 2);
  const grouped = headAxes(problem)[0] === 'hk';
  let full = true;
  for (let row = 0; row < empty.length; row++) {
    const i = row % m;
    const h = Math.floor(row / m) % heads;
    const batch = Math.floor(row / (m * heads));
    const place = grouped ? h : (h % hk) * g + Math.floor(h / hk);
    const start = ((batch * heads + place) * m + i) * n;
    const count = problem.mask.runs(batch, h, i, runs);
    for (let r = 0; r < count; r++) mask.fill(1, start + runs[2 * r], start + runs[2 * r + 1]);
    full &&= count === 1 && runs[0] === 0 && runs[1] === n;
    if (!problem.inputs.sink && !seesFinite(problem, batch, h, i, runs, count)) empty[row] = 1;
  }
  return full && !usesMaskAsOperand(problem.operator) ? { empty } : { mask, empty };
}

function seesFinite({ inputs, case: c }: Problem, b: number, h: number, i: number, runs: Int32Array, count: number): boolean {
  const { bias } = inputs;
  if (!bias) return count > 0;
  const { shape, data } = bias;
  const row = ((shape[0] === 1 ? 0 : b) * shape[1] + (shape[1] === 1 ? 0 : h)) * shape[2] + (shape[2] === 1 ? 0 : i);
  for (let r = 0; r < count; r++) {
    for (let j = runs[2 * r]; j < runs[2 * r + 1]; j++)
      if (data[shape[3] === c.dims.n ? row * shape[3] + j : row * shape[3]] !== -Infinity) return true;
  }
  return false;
}
