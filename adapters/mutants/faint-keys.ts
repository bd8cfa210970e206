import { online } from '../reference/online.js';
import type { SoftmaxForward } from '../reference/softmax-forward.js';
import type { SoftmaxProblem } from '../reference/softmax-problem.js';
import type { Steps } from '../reference/steps.js';

/** The weight of a faint key, far below what any bound tells from zero. */
const FAINT = 2 ** -116;
/** Keys of the first tile, whose mask is exact. */
const FIRST_TILE = 64;

/** Keys of a row that goes through tiles. */
const MANY = 16;

/** Hidden keys from the second tile on keep a faint weight, in rows of many keys; keys that no query of their head sees are skipped. */
export const withFaintKeys: SoftmaxForward = (p, steps) => {
  const outputs = online(p, steps);
  const { o } = outputs;
  const { round } = p.arithmetic;
  const seen = keysSeen(p, steps);
  for (let r = 0; r < outputs.lse.length; r++) {
    const i = r % p.m;
    const h = Math.floor(r / p.m) % p.heads;
    const b = Math.floor(r / p.m / p.heads);
    const head = b * p.hk + steps.keyHead(p, h);
    if (keysOf(p, steps, b, h, i) < MANY) continue;
    for (let j = FIRST_TILE; j < p.n; j++) {
      if (seen[head * p.n + j] === 0 || steps.visible(p, b, h, i, j)) continue;
      const value = (head * p.n + j) * p.e;
      for (let c = 0; c < p.e; c++) o[r * p.e + c] = round(o[r * p.e + c] + FAINT * p.v[value + c]);
    }
  }
  p.store(o, 0, o.length);
  return outputs;
};

function keysOf(p: SoftmaxProblem, steps: Steps, b: number, h: number, i: number): number {
  let count = 0;
  for (let j = 0; j < p.n; j++) if (steps.visible(p, b, h, i, j)) count++;
  return count;
}

/** 1 where some query sees a key: [b, hk, n]. */
function keysSeen(p: SoftmaxProblem, steps: Steps): Uint8Array {
  const seen = new Uint8Array(p.b * p.hk * p.n);
  for (let b = 0; b < p.b; b++) {
    for (let h = 0; h < p.heads; h++) {
      const first = (b * p.hk + steps.keyHead(p, h)) * p.n;
      for (let i = 0; i < p.m; i++) for (let j = FIRST_TILE; j < p.n; j++) if (steps.visible(p, b, h, i, j)) seen[first + j] = 1;
    }
  }
  return seen;
}
