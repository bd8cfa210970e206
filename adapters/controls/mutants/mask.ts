import type { Broadcast } from '../reference/problem/broadcast.js';
import type { SoftmaxProblem } from '../reference/problem/softmax-problem.js';
import { mutantsOf } from './lib/mutant.js';
import { visibilityOf } from './lib/problem-steps.js';

export const maskMutants = mutantsOf('Mask', [
  {
    id: 'mask-of-first-entry',
    title: "every batch entry has the first one's mask",
    imitates: 'https://github.com/huggingface/candle/pull/1920',
    fault: { steps: visibilityOf((p) => withMask(p, (at) => ({ ...at, b: 0 }))) },
  },
  {
    id: 'mask-of-first-head',
    title: "every head has the first one's mask",
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
    imitates: 'row-major and column-major masks confused, which shows nothing but values where m = n',
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
