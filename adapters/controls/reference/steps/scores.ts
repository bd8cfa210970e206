import type { Numbers } from '../arithmetic/arithmetic.js';
import { cell } from '../problem/broadcast.js';
import type { LoadedProblem } from '../problem/problem.js';
import type { SoftmaxProblem } from '../problem/softmax-problem.js';
import type { Row } from './row.js';

/** Returns the key head that a group of g query heads shares. */
export function keyHead(p: LoadedProblem, h: number): number {
  return Math.floor(h / p.g);
}

export function defaultScale(p: LoadedProblem): number {
  return 1 / Math.sqrt(p.d);
}

/** Aligns the last query with the last key (bottom-right). */
export function offset(p: LoadedProblem): number {
  return p.n - p.m;
}

/** softcap·tanh(s / softcap), with the slope 1 − tanh². */
export function cap(p: SoftmaxProblem, { count, scores, slopes }: Row): void {
  const { round } = p.arithmetic;
  const bound = round(p.softcap);
  for (let t = 0; t < count; t++) {
    const tanh = round(Math.tanh(round(scores[t] / bound)));
    slopes[t] = round(1 - round(tanh * tanh));
    scores[t] = round(bound * tanh);
  }
}

/** Returns key j's distance from the query's position, negative to its left. */
export function distance(p: SoftmaxProblem, i: number, j: number): number {
  return j - i - p.offset;
}

export function addAlibi(p: SoftmaxProblem, { h, i, keys, count, scores }: Row, slopes: Numbers): void {
  const { round } = p.arithmetic;
  for (let t = 0; t < count; t++) scores[t] = round(scores[t] + round(slopes[h] * distance(p, i, keys[t])));
}

export function addBias(p: SoftmaxProblem, { b, h, i, keys, count, scores }: Row, bias: NonNullable<SoftmaxProblem['bias']>): void {
  const { round } = p.arithmetic;
  for (let t = 0; t < count; t++) scores[t] = round(scores[t] + bias.values[cell(bias.at, b, h, i, keys[t])]);
}
