import { tile } from '../reference/softmax/online.js';
import { standardSteps } from '../reference/steps/steps.js';
import { mutantsOf } from './lib/mutant.js';
import { isWindow, visibilityOf } from './lib/problem-steps.js';

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
    imitates: 'implementations in which a window size of 0 stands for none',
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
    title: 'windows stand where queries and keys begin together, whatever the lengths',
    imitates: 'https://github.com/Dao-AILab/flash-attention/issues/1778',
    fault: { steps: visibilityOf((p) => (isWindow(p) ? { ...p, offset: 0 } : p)) },
  },
]);
