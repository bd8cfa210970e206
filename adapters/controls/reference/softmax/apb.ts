import { rowMajor } from '../../../../spec/tensor/tensor.js';
import type { Call } from '../../../kernel.js';
import { arithmeticOf, type Method } from '../method.js';
import { broadcast } from '../problem/broadcast.js';
import { load } from '../problem/load.js';
import { readSoftmaxProblem } from '../problem/read-softmax-problem.js';
import type { SoftmaxProblem } from '../problem/softmax-problem.js';

const masks = ['causal'];

/** Softmax attention that hides keys outside the anchor, the query's block and the passed keys. */
export function readApbProblem(call: Call, method: Method): SoftmaxProblem {
  const p = readSoftmaxProblem(call, arithmeticOf(method, call.case.dtype), method.steps, masks);
  const shape = [p.b, p.heads, p.m, p.n];
  return { ...p, bias: { values: hidden(call, p), at: broadcast({ shape, strides: rowMajor(shape), offset: 0 }) } };
}

/** Returns [b, heads, m, n], 0 or −∞. */
function hidden({ case: { options }, tensors }: Call, { b, heads, g, m, n, offset }: SoftmaxProblem): Float64Array {
  const [anchor, block, top] = [Number(options.anchor ?? 2), Number(options.block ?? 4), Number(options.top ?? 1)];
  const scores = load(tensors.score);
  const out = new Float64Array(b * heads * m * n);
  for (let head = 0, at = 0; head < b * heads; head++) {
    const first = Math.floor(head / g) * n;
    const passed = passedOn(scores.subarray(first, first + n), anchor, block, top);
    for (let i = 0; i < m; i++) {
      const own = Math.floor((i + offset) / block);
      for (let j = 0; j < n; j++, at++) {
        if (j >= anchor && own !== Math.floor(j / block) && !passed.has(j)) out[at] = -Infinity;
      }
    }
  }
  return out;
}

/** Returns the `top` best-scored keys of each block outside the anchor; ties go to the first. */
function passedOn(scores: Float64Array, anchor: number, block: number, top: number): Set<number> {
  const passed = new Set<number>();
  for (let start = 0; start < scores.length; start += block) {
    const keys = Array.from({ length: Math.min(block, scores.length - start) }, (_, x) => start + x).filter((key) => key >= anchor);
    keys.sort((x, y) => scores[y] - scores[x] || x - y);
    for (const key of keys.slice(0, top)) passed.add(key);
  }
  return passed;
}
