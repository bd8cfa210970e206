import type { SoftmaxProblem } from '../../reference/problem/softmax-problem.js';
import { listKeys } from '../../reference/softmax/list-keys.js';
import { online } from '../../reference/softmax/online.js';
import type { SoftmaxForward } from '../../reference/softmax/softmax-forward.js';
import { createRow, placeRow, type Row } from '../../reference/steps/row.js';
import type { Steps } from '../../reference/steps/steps.js';

/** Weight of a faint key, far below any bound. */
const FAINT = 2 ** -116;
const FIRST_TILE = 64;

/** Minimum number of visible keys of a faulty row. */
const MANY = 16;

/** Minimum weight of all keys; beside a dominant sink, a faint weight would be visible. */
const LEAST = 2 ** -10;

/** Gives hidden keys from the second tile on a faint weight, unless hidden from all queries. */
export const withFaintKeys: SoftmaxForward = (p, steps) => {
  const outputs = online(p, steps);
  const { o } = outputs;
  const { round } = p.arithmetic;
  const row = createRow(p.n);
  const seen = keysSeen(p, steps, row);
  for (let r = 0; r < outputs.lse.length; r++) {
    placeRow(p, row, r);
    listKeys(p, steps, row, 0, p.n);
    if (row.count < MANY || (p.sink && 1 - Math.exp(p.sink[row.h] - outputs.lse[r]) < LEAST)) continue;
    const head = row.b * p.hk + steps.keyHead(p, row.h);
    for (let j = FIRST_TILE; j < p.n; j++) {
      if (seen[head * p.n + j] === 0 || steps.visible(p, row.b, row.h, row.i, j)) continue;
      const value = (head * p.n + j) * p.e;
      for (let c = 0; c < p.e; c++) o[r * p.e + c] = round(o[r * p.e + c] + FAINT * p.v[value + c]);
    }
  }
  p.store(o, 0, o.length);
  return outputs;
};

/** Returns [b, hk, n] with 1 for keys that some query sees. */
function keysSeen(p: SoftmaxProblem, steps: Steps, row: Row): Uint8Array {
  const seen = new Uint8Array(p.b * p.hk * p.n);
  for (let r = 0; r < p.b * p.heads * p.m; r++) {
    placeRow(p, row, r);
    listKeys(p, steps, row, FIRST_TILE, p.n);
    const first = (row.b * p.hk + steps.keyHead(p, row.h)) * p.n;
    for (let t = 0; t < row.count; t++) seen[first + row.keys[t]] = 1;
  }
  return seen;
}
