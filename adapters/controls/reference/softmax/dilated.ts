import { rowMajor } from '../../../../spec/tensor/tensor.js';
import type { Call } from '../../../kernel.js';
import { arithmeticOf, type Method } from '../method.js';
import { broadcast } from '../problem/broadcast.js';
import { readSoftmaxProblem } from '../problem/read-softmax-problem.js';
import type { SoftmaxProblem } from '../problem/softmax-problem.js';

const masks = ['full', 'causal'];

/** Softmax attention with log(number of branches of a pair) added to its score, −∞ without any. */
export function readDilatedProblem(call: Call, method: Method): SoftmaxProblem {
  const p = readSoftmaxProblem(call, arithmeticOf(method, call.case.dtype), method.steps, masks);
  const shape = [1, p.heads, p.m, p.n];
  return { ...p, bias: { values: logBranches(call, p), at: broadcast({ shape, strides: rowMajor(shape), offset: 0 }) } };
}

/** [heads, m, n]: branch x has segments of segment·ratioˣ tokens; heads keep every ratioˣ-th. */
function logBranches({ case: c }: Call, p: SoftmaxProblem): Float64Array {
  const [segment, ratio, levels] = [Number(c.options.segment ?? 4), Number(c.options.ratio ?? 2), Number(c.options.levels ?? 2)];
  const out = new Float64Array(p.heads * p.m * p.n);
  for (let h = 0, at = 0; h < p.heads; h++) {
    for (let i = 0; i < p.m; i++) {
      for (let j = 0; j < p.n; j++, at++) {
        let count = 0;
        for (let level = 0, rate = 1; level < levels; level++, rate *= ratio) {
          if (isPairOfBranch(i + p.offset, j, segment * rate, rate, Math.floor(h / Math.ceil(p.heads / rate)))) count++;
        }
        out[at] = p.arithmetic.round(Math.log(count));
      }
    }
  }
  return out;
}

function isPairOfBranch(query: number, key: number, segment: number, rate: number, kept: number): boolean {
  const [q, k] = [query, key].map((place) => ({
    segment: Math.floor(place / segment),
    within: place - segment * Math.floor(place / segment),
  }));
  return q.segment === k.segment && q.within % rate === kept && k.within % rate === kept;
}
