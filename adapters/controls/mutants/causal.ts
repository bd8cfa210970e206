import { tile } from '../reference/softmax/online.js';
import { standardSteps } from '../reference/steps/steps.js';
import { mutantsOf } from './lib/mutant.js';
import { isCausal, visibilityOf } from './lib/problem-steps.js';

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
    title: 'a query does not see the key at its own place',
    imitates: 'a causal mask of j < i in place of j ≤ i',
    fault: { steps: visibilityOf((p) => (isCausal(p) ? { ...p, offset: p.offset - 1 } : p)) },
  },
  {
    id: 'causal-next-key',
    title: 'a query sees the key after its own place',
    imitates: 'a causal mask of j ≤ i + 1 in place of j ≤ i',
    fault: { steps: visibilityOf((p) => (isCausal(p) ? { ...p, right: 1 } : p)) },
  },
  {
    id: 'causal-whole-tiles',
    title: 'the tile on the diagonal is not masked',
    imitates: 'causal masks decided per tile: what skips tiles is right, what masks within the last one is missing',
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
