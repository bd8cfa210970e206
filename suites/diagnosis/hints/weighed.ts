import { gamma, probabilityStore } from '../../../spec/numeric/profile.js';
import { SoftmaxRow } from '../../../spec/oracle/softmax-row.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import { unravel } from '../../judging/compared.js';

/** Weights of a row's keys, in key order up to `count`, and a term added to its LSE. */
export interface Weighing {
  readonly weight: Float64Array;
  /** Relative errors of the weights, without storing and summing. */
  readonly relative: Float64Array;
  readonly lse: number;
}

/** Answer with other weights; rows keep theirs if empty, or if `weigh` returns undefined. */
export function weighed(
  problem: Problem,
  answer: Expectation,
  weigh: (row: SoftmaxRow, b: number, h: number, i: number) => Weighing | undefined,
): Expectation {
  const { o, lse } = answer.outputs;
  const e = o.shape[3];
  const row = new SoftmaxRow(problem);
  const { numeric, inputs } = problem;
  const copy = (x: typeof o) => ({ shape: x.shape, value: x.value.slice(), bound: x.bound.slice() });
  const outputs = { ...answer.outputs, o: copy(o), lse: copy(lse) };
  const stored = numeric.probabilitiesStored ? probabilityStore(numeric).u : 0;
  for (let at = 0; at < lse.value.length; at++) {
    const [b, h, i] = unravel(at, lse.shape);
    if (answer.rows?.[at] === 0 || lse.bound[at] === Infinity || !row.load(b, h, i)) continue;
    const other = weigh(row, b, h, i);
    if (!other) continue;
    const base = (b * row.keyHeads + row.keyHead(h)) * row.n;
    const own = 2 * (row.total + row.sumError() + gamma(row.count + 2, numeric.a) + stored);
    outputs.o.value.fill(0, at * e, (at + 1) * e);
    outputs.o.bound.fill((row.count + 2 * row.tiles + 4) * numeric.t, at * e, (at + 1) * e);
    let error = own;
    for (let c = 0; c < row.count; c++) {
      const from = (base + row.key[c]) * e;
      error = Math.max(error, own + 2 * other.relative[c]);
      for (let x = 0; x < e; x++) {
        const part = other.weight[c] * inputs.v.data[from + x];
        outputs.o.value[at * e + x] += part;
        outputs.o.bound[at * e + x] += Math.abs(part) * (own + 2 * other.relative[c]);
      }
    }
    outputs.lse.value[at] += other.lse;
    if (other.lse !== 0) outputs.lse.bound[at] += error + 8 * numeric.a * Math.abs(outputs.lse.value[at]);
  }
  return { ...answer, outputs };
}
