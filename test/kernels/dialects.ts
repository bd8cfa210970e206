import { float32Fused } from '../../adapters/controls/reference/arithmetic/float32-fused.js';
import { onlineCapabilities } from '../../adapters/controls/reference/capabilities.js';
import { createKernel } from '../../adapters/controls/reference/kernel.js';
import type { SoftmaxOutputs, SoftmaxProblem } from '../../adapters/controls/reference/problem/softmax-problem.js';
import { online } from '../../adapters/controls/reference/softmax/online.js';
import type { SoftmaxForward } from '../../adapters/controls/reference/softmax/softmax-forward.js';
import { addBias, distance } from '../../adapters/controls/reference/steps/scores.js';
import { type Steps, standardSteps } from '../../adapters/controls/reference/steps/steps.js';
import { type Dialect, fullDialect } from '../../spec/dialect.js';

/* The reference kernel in any dialect, whatever it declares. */

const emptyLse = { '-inf': -Infinity, '+inf': Infinity, zero: 0, nan: NaN, finite: -1e30 } as const;

/** @param replaced steps of the kernel to replace beside: what it is wrong in. */
export function dialectKernel(dialect: Dialect, replaced: Partial<Steps> = {}) {
  const full = fullDialect(dialect);
  const steps = { ...stepsOf(full), ...replaced };
  const forward: SoftmaxForward = (problem) => {
    const p = full.booleanMask === 'drop' ? inverted(problem) : problem;
    const outputs = online(p, steps);
    const empty = outputs.lse.map((x) => (p.sink === undefined && x === -Infinity ? 1 : 0));
    if (full.lseSink === 'excluded' && p.sink) outputs.lse.set(online({ ...p, sink: undefined }, steps).lse);
    if (full.emptyOutput !== 'zero') fillEmptyRows(p, outputs, empty, full.emptyOutput);
    if (full.maskedNaN === 'leaks') addZeroTimesValues(p, outputs);
    for (const [row, isEmpty] of empty.entries()) {
      if (isEmpty) outputs.lse[row] = emptyLse[full.emptyLse];
      else if (full.lseBase === '2') outputs.lse[row] = Math.fround(outputs.lse[row] / Math.LN2);
    }
    return outputs;
  };
  return createKernel({ forward, steps, float32: float32Fused, masks: onlineCapabilities.masks ?? [] });
}

function stepsOf({ causal, heads, window, softcap, bias, defaultScale, defaultEps, alibi }: ReturnType<typeof fullDialect>): Steps {
  const steps = { ...standardSteps };
  if (causal === 'top-left') steps.offset = () => 0;
  if (heads === 'tiled') steps.keyHead = (p, h) => h % p.hk;
  if (defaultScale === '1') steps.defaultScale = () => 1;
  steps.defaultEps = () => Number(defaultEps);
  if (window === 'exclusive') {
    steps.visible = (p, b, h, i, j) => standardSteps.visible(p, b, h, i, j) && !(p.left >= 0 && j === i + p.offset - p.left);
  }
  if (bias === 'before-softcap') capBias(steps);
  if (softcap === 'after-mask') capHiddenKeys(steps);
  if (alibi !== 'relative') {
    steps.addAlibi = (p, { h, i, keys, count, scores }, slopes) => {
      for (let t = 0; t < count; t++) scores[t] += slopes[h] * (alibi === 'key' ? keys[t] : -Math.abs(distance(p, i, keys[t])));
    };
  }
  return steps;
}

/** The bias is added to the score, and the softcap is of both. */
function capBias(steps: Steps): void {
  const { cap } = steps;
  steps.cap = (p, row) => {
    if (p.bias) addBias(p, row, p.bias);
    cap(p, row);
  };
  steps.addBias = (p, row, bias) => {
    if (p.softcap === 0) addBias(p, row, bias);
  };
}

/** A hidden key has the score −∞ before the softcap, and −softcap after it. */
function capHiddenKeys(steps: Steps): void {
  const { visible, cap } = steps;
  steps.visible = (p, b, h, i, j) => p.softcap !== 0 || visible(p, b, h, i, j);
  steps.firstKey = (p, i) => (p.softcap !== 0 ? 0 : standardSteps.firstKey(p, i));
  steps.endKey = (p, i) => (p.softcap !== 0 ? p.n : standardSteps.endKey(p, i));
  steps.cap = (p, row) => {
    cap(p, row);
    for (let t = 0; t < row.count; t++) if (!visible(p, row.b, row.h, row.i, row.keys[t])) row.scores[t] = -p.softcap;
  };
}

function inverted(p: SoftmaxProblem): SoftmaxProblem {
  return p.mask ? { ...p, mask: { ...p.mask, data: Uint8Array.from(p.mask.data as Uint8Array, (x) => 1 - x) } } : p;
}

function keyHeadRow(p: SoftmaxProblem, row: number): number {
  const h = Math.floor(row / p.m) % p.heads;
  return (Math.floor(row / (p.m * p.heads)) * p.hk + Math.floor(h / p.g)) * p.n;
}

function fillEmptyRows(p: SoftmaxProblem, { o }: SoftmaxOutputs, empty: ArrayLike<number>, by: 'nan' | 'mean'): void {
  for (let row = 0; row < empty.length; row++) {
    if (!empty[row]) continue;
    for (let x = 0; x < p.e; x++) {
      let sum = 0;
      for (let j = 0; j < p.n; j++) sum += p.v[(keyHeadRow(p, row) + j) * p.e + x];
      o[row * p.e + x] = by === 'nan' ? NaN : Math.fround(sum / p.n);
    }
  }
}

function addZeroTimesValues(p: SoftmaxProblem, { o, lse }: SoftmaxOutputs): void {
  for (let row = 0; row < lse.length; row++) {
    const first = keyHeadRow(p, row) * p.e;
    const to = row * p.e;
    for (let j = 0; j < p.n; j++) for (let x = 0; x < p.e; x++) o[to + x] += 0 * p.v[first + j * p.e + x];
  }
}
