import type { SoftmaxProblem } from '../problem/softmax-problem.js';
import type { Row } from '../steps/row.js';
import type { Steps } from '../steps/steps.js';

/** Scores the row's listed keys: scale, softcap, alibi, bias, in this order. */
export function scoreRow(p: SoftmaxProblem, steps: Steps, row: Row): void {
  const { b, h, i, count, scores } = row;
  const key = (b * p.hk + steps.keyHead(p, h)) * p.n * p.d;
  p.arithmetic.dots(p.q, ((b * p.heads + h) * p.m + i) * p.d, p.k, key, row.keys, count, p.d, scores);
  p.arithmetic.multiply(scores, 0, count, p.scale);
  if (p.softcap !== 0) steps.cap(p, row);
  if (p.alibi !== undefined) steps.addAlibi(p, row, p.alibi);
  if (p.bias !== undefined) steps.addBias(p, row, p.bias);
}
