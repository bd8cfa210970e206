import type { Broadcast } from '../reference/problem/broadcast.js';
import type { SoftmaxProblem } from '../reference/problem/softmax-problem.js';
import { tile } from '../reference/softmax/online.js';
import { standardSteps } from '../reference/steps/steps.js';
import { mutantsOf } from './lib/mutant.js';
import { isCausal, isWindow, visibilityOf } from './lib/problem-steps.js';

export const maskMutants = mutantsOf('Mask', [
  {
    id: 'mask-of-first-entry',
    title: 'every batch entry has the mask of the first',
    imitates: 'https://github.com/huggingface/candle/pull/1920',
    fault: { steps: visibilityOf((p) => withMask(p, (at) => ({ ...at, b: 0 }))) },
  },
  {
    id: 'mask-of-first-head',
    title: 'every head has the mask of the first',
    imitates: 'kernels that take a mask [b, 1, m, n] alone and are given one per head',
    fault: { steps: visibilityOf((p) => withMask(p, (at) => ({ ...at, h: 0 }))) },
  },
  {
    id: 'mask-head-for-entry',
    title: 'a mask per batch entry is read per head, where there are as many heads',
    imitates: 'https://github.com/line/lighthouse/pull/77',
    fault: { steps: visibilityOf((p) => (p.b === p.heads ? withMask(p, (at) => ({ ...at, b: at.h, h: at.b })) : p)) },
  },
  {
    id: 'mask-inverted',
    title: 'true hides a key',
    imitates: "torch.nn.MultiheadAttention's masks hide where true, scaled_dot_product_attention's keep",
    fault: {
      steps: visibilityOf((p) => (p.mask ? { ...p, mask: { ...p.mask, data: p.mask.data.map((x) => (x === 0 ? 1 : 0)) } } : p)),
    },
  },
  {
    id: 'mask-transposed',
    title: 'a square mask is read with queries and keys exchanged',
    imitates: 'row-major and column-major masks confused: with m = n only the values show it',
    fault: { steps: visibilityOf((p) => (p.m === p.n ? withMask(p, (at) => ({ ...at, i: at.j, j: at.i })) : p)) },
  },
  {
    id: 'mask-lost-with-bias',
    title: 'a bias takes the place of the mask',
    imitates: 'https://github.com/pytorch/pytorch/pull/178588',
    fault: { steps: visibilityOf((p) => (p.bias ? { ...p, mask: undefined } : p)) },
  },
]);

function withMask(p: SoftmaxProblem, change: (at: Broadcast) => Broadcast): SoftmaxProblem {
  return p.mask ? { ...p, mask: { ...p.mask, at: change(p.mask.at) } } : p;
}

export const windowMutants = mutantsOf('Window', [
  {
    id: 'window-one-too-many',
    title: 'the window keeps one key too many on its left',
    imitates: 'https://github.com/huggingface/transformers/issues/39408',
    fault: { steps: visibilityOf((p) => (isWindow(p) ? { ...p, left: p.left + 1 } : p)) },
  },
  {
    id: 'window-one-too-few',
    title: 'the window loses its leftmost key',
    imitates: 'https://github.com/ml-explore/mlx/pull/3552',
    fault: { steps: visibilityOf((p) => (p.left > 0 ? { ...p, left: p.left - 1 } : p)) },
  },
  {
    id: 'window-right-ignored',
    title: 'the right side of a window is ignored',
    imitates: 'https://github.com/huggingface/transformers/issues/39408',
    fault: { steps: visibilityOf((p) => (isWindow(p) ? { ...p, right: -1 } : p)) },
  },
  {
    id: 'window-symmetric',
    title: 'the right side of a window is as wide as its left',
    imitates: 'https://github.com/huggingface/transformers/issues/39408',
    fault: { steps: visibilityOf((p) => (isWindow(p) ? { ...p, right: p.left } : p)) },
  },
  {
    id: 'window-zero-is-off',
    title: 'a left side of 0 means no window',
    imitates: 'implementations in which a window size of 0 means no window',
    fault: { steps: visibilityOf((p) => (p.left === 0 ? { ...p, left: -1 } : p)) },
  },
  {
    id: 'window-from-tile',
    title: 'a window begins at the next tile',
    imitates: 'https://github.com/NVIDIA/TensorRT-LLM/pull/6379',
    fault: { steps: { firstKey: (p, i) => Math.ceil(standardSteps.firstKey(p, i) / tile) * tile } },
  },
  {
    id: 'window-top-left',
    title: 'windows are placed as if queries and keys began together, whatever the lengths',
    imitates: 'https://github.com/Dao-AILab/flash-attention/issues/1778',
    fault: { steps: visibilityOf((p) => (isWindow(p) ? { ...p, offset: 0 } : p)) },
  },
]);

export const causalMutants = mutantsOf('Causal', [
  {
    id: 'causal-top-left',
    title: 'causal masks begin at the first key, whatever the lengths',
    imitates: 'https://github.com/Dao-AILab/flash-attention/issues/282',
    fault: { steps: visibilityOf((p) => (isCausal(p) ? { ...p, offset: 0 } : p)) },
  },
  {
    id: 'causal-offset-doubled',
    title: 'the offset of longer keys is added twice',
    imitates: 'https://github.com/NVIDIA/cutlass/issues/2336',
    fault: { steps: visibilityOf((p) => (isCausal(p) ? { ...p, offset: 2 * p.offset } : p)) },
  },
  {
    id: 'causal-diagonal-lost',
    title: 'a query does not see the key at its own position',
    imitates: 'a causal mask of j < i in place of j ≤ i',
    fault: { steps: visibilityOf((p) => (isCausal(p) ? { ...p, offset: p.offset - 1 } : p)) },
  },
  {
    id: 'causal-next-key',
    title: 'a query sees the key after its own position',
    imitates: 'a causal mask of j ≤ i + 1 in place of j ≤ i',
    fault: { steps: visibilityOf((p) => (isCausal(p) ? { ...p, right: 1 } : p)) },
  },
  {
    id: 'causal-whole-tiles',
    title: 'the tile on the diagonal is not masked',
    imitates: 'causal masks decided per tile: tiles are skipped correctly, but the last tile is not masked inside',
    fault: {
      steps: {
        endKey: (p, i) => (isCausal(p) ? roundUp(p.n, standardSteps.endKey(p, i)) : standardSteps.endKey(p, i)),
        visible: (p, b, h, i, j) => isCausal(p) || standardSteps.visible(p, b, h, i, j),
      },
    },
  },
  {
    id: 'causal-lost-in-decoding',
    title: 'with fewer queries than keys every key is seen',
    imitates: 'a causal mask that is applied to square scores alone',
    fault: { steps: visibilityOf((p) => (isCausal(p) && p.m < p.n ? { ...p, right: -1 } : p)) },
  },
  {
    id: 'causal-last-query-free',
    title: 'the last query sees every key, whatever the lengths',
    imitates: "ONNX Runtime's MultiHeadAttention with unidirectional = 1 (adapters/FINDINGS.md)",
    dialect: { causal: 'top-left' },
    fault: {
      steps: {
        offset: () => 0,
        endKey: (p, i) => (isCausal(p) && i === p.m - 1 ? p.n : standardSteps.endKey(p, i)),
        visible: (p, b, h, i, j) => (isCausal(p) && i === p.m - 1) || standardSteps.visible(p, b, h, i, j),
      },
    },
  },
]);

function roundUp(n: number, end: number): number {
  return Math.min(n, Math.ceil(Math.max(0, end) / tile) * tile);
}
