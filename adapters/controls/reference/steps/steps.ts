import type { Numbers } from '../arithmetic/arithmetic.js';
import { cell } from '../problem/broadcast.js';
import type { LoadedProblem } from '../problem/problem.js';
import type { SoftmaxProblem } from '../problem/softmax-problem.js';
import { addKeyGradient, addQueryGradient, addValueGradient, scaleKeyGradient, scaleQueryGradient } from './gradients.js';
import { documents } from './packed.js';
import { appendSlot, keySlots } from './paged.js';
import { addAlibi, addBias, cap, defaultScale, keyHead, offset } from './scores.js';
import { addSink, logSumExp, normalise, rescale } from './softmax-row.js';

/** The steps of softmax attention that the loops call: one can be replaced, and the rest kept. */
export const standardSteps = {
  documents,
  keyHead,
  defaultScale,
  defaultEps: (): number => 1e-6,
  offset,
  visible,
  firstKey,
  endKey,
  cap,
  addAlibi,
  addBias,
  rescale,
  addSink,
  normalise,
  logSumExp,
  delta,
  addValueGradient,
  addQueryGradient,
  addKeyGradient,
  scaleQueryGradient,
  scaleKeyGradient,
  appendSlot,
  keySlots,
};

export type Steps = typeof standardSteps;

/** Δ of a query row: Σ do·o, with o as stored. */
function delta(p: LoadedProblem, dO: Numbers, o: Numbers, at: number): number {
  return p.arithmetic.dot(dO, at, o, at, p.e);
}

/** True if query (b, h, i) sees key j: by the window around the query's place, the mask, and a bias that is not −∞. */
function visible(p: SoftmaxProblem, b: number, h: number, i: number, j: number): boolean {
  const place = i + p.offset;
  if (p.left >= 0 && j < place - p.left) return false;
  if (p.right >= 0 && j > place + p.right) return false;
  if (p.mask !== undefined && p.mask.data[cell(p.mask.at, b, h, i, j)] === 0) return false;
  return p.bias === undefined || p.bias.values[cell(p.bias.at, b, h, i, j)] !== -Infinity;
}

/** No key before this one is visible to query i. */
function firstKey(p: SoftmaxProblem, i: number): number {
  return p.left < 0 ? 0 : Math.max(0, i + p.offset - p.left);
}

/** No key from this one on is visible to query i. */
function endKey(p: SoftmaxProblem, i: number): number {
  return p.right < 0 ? p.n : Math.min(p.n, i + p.offset + p.right + 1);
}
