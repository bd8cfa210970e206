import type { Numbers } from '../arithmetic/arithmetic.js';
import { cell } from '../problem/broadcast.js';
import type { LoadedProblem } from '../problem/problem.js';
import type { SoftmaxProblem } from '../problem/softmax-problem.js';
import { addKeyGradient, addQueryGradient, addValueGradient, scaleKeyGradient, scaleQueryGradient } from './gradients.js';
import { documents } from './packed.js';
import { appendSlot, keySlots } from './paged.js';
import { addAlibi, addBias, cap, defaultScale, keyHead, offset } from './scores.js';
import { addSink, logSumExp, normalise, rescale } from './softmax-row.js';

/** Replaceable steps of softmax attention. */
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

/** Δ = Σ do·o of a query row, with o as stored. */
function delta(p: LoadedProblem, dO: Numbers, o: Numbers, at: number): number {
  return p.arithmetic.dot(dO, at, o, at, p.e);
}

function visible(p: SoftmaxProblem, b: number, h: number, i: number, j: number): boolean {
  const place = i + p.offset;
  if (p.left >= 0 && j < place - p.left) return false;
  if (p.right >= 0 && j > place + p.right) return false;
  if (p.mask !== undefined && p.mask.data[cell(p.mask.at, b, h, i, j)] === 0) return false;
  return p.bias === undefined || p.bias.values[cell(p.bias.at, b, h, i, j)] !== -Infinity;
}

/** Returns the first key that the window of query i may contain. */
function firstKey(p: SoftmaxProblem, i: number): number {
  return p.left < 0 ? 0 : Math.max(0, i + p.offset - p.left);
}

/** Returns the end of the keys that the window of query i may contain. */
function endKey(p: SoftmaxProblem, i: number): number {
  return p.right < 0 ? p.n : Math.min(p.n, i + p.offset + p.right + 1);
}
