import { tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Outputs } from '../../adapter.js';
import { tile } from '../../reference/online.js';
import { keySlots } from '../../reference/paged.js';
import { standardSteps } from '../../reference/steps.js';
import { type Fault, mutantsOf } from '../mutant.js';
import { filledWith, mapTensors } from '../outputs.js';
import { forwardOf } from '../problem-steps.js';

/** Kernels that do less than they are asked. */
export const shortcuts = mutantsOf('Games', [
  {
    id: 'zeros',
    title: 'all outputs are zero',
    imitates: 'https://github.com/ScalingIntelligence/KernelBench/pull/82',
    fault: outputs((all) => filledWith(all, 0)),
  },
  {
    id: 'constant',
    title: 'all outputs are 0.5',
    imitates: 'kernels that give the mean of what a benchmark expects',
    fault: outputs((all) => filledWith(all, 0.5)),
  },
  {
    id: 'queries-ignored',
    title: 'the output is the mean of the visible values',
    imitates: 'outputs that vanish under a tolerance, since attention over random keys is nearly their mean',
    fault: { forward: forwardOf((p) => ({ ...p, q: p.q.map(() => 0) })) },
  },
  {
    id: 'last-tile-skipped',
    title: 'the last tile is skipped where there are three or more',
    imitates: 'partial work that a tolerance on long inputs does not see',
    fault: {
      steps: {
        endKey: (p, i) => Math.min(standardSteps.endKey(p, i), p.n > 2 * tile ? Math.floor((p.n - 1) / tile) * tile : p.n),
      },
    },
  },
  {
    id: 'pages-skipped',
    title: 'the second page is skipped where a sequence has three or more',
    imitates: 'partial work that a tolerance on long inputs does not see',
    fault: {
      steps: {
        keySlots: (cache, b) => {
          const slots = keySlots(cache, b);
          return slots.length > 2 * cache.page ? slots.filter((_, position) => Math.floor(position / cache.page) !== 1) : slots;
        },
      },
    },
  },
  {
    id: 'lse-left-out',
    title: 'the claimed LSE is not returned',
    imitates: 'https://github.com/ROCm/flash-attention/pull/59',
    fault: outputs(({ o }) => ({ o })),
  },
  {
    id: 'lse-zero',
    title: 'the LSE is zero',
    imitates: 'checkers that compare the output alone',
    fault: outputs(({ o, lse }) => ({ o, lse: filledWith({ lse }, 0).lse })),
  },
  {
    id: 'always-finite',
    title: 'whatever is not finite is replaced by a number',
    imitates: 'a checker to which a finite answer passes against a reference that is not (FlashInfer-Bench)',
    fault: outputs((all) =>
      mapTensors(all, (t) =>
        tensorOf(
          t.dtype,
          t.shape,
          valuesOf(t).map((x) => (Number.isFinite(x) ? x : 0)),
        ),
      ),
    ),
  },
  {
    id: 'output-coarse',
    title: 'outputs are rounded to 8 bits',
    imitates: 'a kernel that computes in bf16 and returns f32, for a checker with a tolerance of 1e-2',
    fault: outputs((all) =>
      mapTensors(all, (t) =>
        tensorOf(
          t.dtype,
          t.shape,
          valuesOf(t).map((x) => (x === 0 || !Number.isFinite(x) ? x : Number(x.toPrecision(3)))),
        ),
      ),
    ),
  },
]);

/** The correct forward pass, whose outputs are replaced. */
function outputs(change: (outputs: Outputs) => Outputs): Fault {
  return { wrap: ({ forward }) => ({ forward: async (call) => change(await forward(call)) }) };
}
