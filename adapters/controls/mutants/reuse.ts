import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { ReuseOperation } from '../../../spec/types/documents.js';
import type { Call } from '../../kernel.js';
import { reuses, reusing } from '../reference/reuse.js';
import { type Fault, type Mutant, mutantsOf } from './lib/mutant.js';

/** Mutants of captured and replayed calls. Uncaptured calls are correct. */
export const capturedMutants = mutantsOf('Captured calls', [
  {
    id: 'captured-lengths-kept',
    title: 'replays have the lengths of the cache that the captured call had',
    imitates: 'https://github.com/sgl-project/sglang/pull/37975',
    alone: 'captured',
    claims: { captured: true },
    fault: keeping('cache_lengths'),
  },
  {
    id: 'captured-table-kept',
    title: 'replays have the pages of the captured call',
    imitates: 'https://github.com/alibaba/rtp-llm/pull/1254',
    alone: 'captured',
    claims: { captured: true },
    fault: keeping('block_table'),
  },
  {
    id: 'captured-mask-kept',
    title: 'replays have the dense mask of the captured call',
    imitates: 'https://github.com/weicj/vLLM-2080Ti-Definitive/pull/183',
    alone: 'captured',
    claims: { captured: true },
    fault: keeping('mask'),
  },
  {
    id: 'captured-inputs-copied',
    title: 'replays compute from a copy of the inputs made during the capture',
    imitates: 'inputs moved to the device, or made contiguous, before the capture of a graph instead of inside it',
    alone: 'captured',
    claims: { captured: true },
    fault: keeping('q', 'k', 'v', 'k_pages', 'v_pages', 'k_new', 'v_new'),
  },
]);

/** Copies tensors at capture, so that replays do not see later writes. */
function keeping(...names: readonly string[]): Fault {
  return {
    capture:
      ({ forward }) =>
      async ({ case: c, tensors }) => {
        const kept: Tensors = {};
        for (const name of names) if (tensors[name]) kept[name] = { ...tensors[name], data: tensors[name].data.slice() as never };
        return () => forward({ case: c, tensors: { ...tensors, ...kept } });
      },
  };
}

/** Mutants of calls that reuse a stored output by a schedule. */
export const reuseMutants = mutantsOf('Reused outputs', [
  mutant(
    'reuse-recomputed',
    'a call that should reuse an output computes one from its own inputs',
    'a flag of reuse that a layer does not read',
    () => false,
  ),
  mutant(
    'reuse-at-its-limits',
    'calls at the limits of the schedule reuse too',
    'thresholds of a broadcast that are compared by ≤ instead of the < of the published code',
    ({ range, lo, hi, steps }) => reuses({ op: 'reuse', range, lo: lo - 1, hi: hi + 1, steps }),
  ),
  mutant(
    'reuse-counted-from-one',
    'the first call that may reuse is counted as the second',
    'a counter of calls that is raised before it is compared with the range',
    ({ steps, ...schedule }) => reuses({ ...schedule, steps: [steps[0], ...steps] }) && steps.length > 1,
  ),
  mutant(
    'reuse-of-first-output',
    'every reuse gives the output of the first call',
    'a stored output that is set once, and not again at the start of each range',
    reuses,
    ({ steps }) => steps.length === 1,
  ),
]);

function mutant(
  id: string,
  title: string,
  imitates: string,
  rule: typeof reuses,
  keep?: (schedule: ReuseOperation) => boolean,
): Omit<Mutant, 'class'> {
  return {
    id,
    title,
    imitates,
    alone: 'reuse',
    claims: { reuse: true },
    fault: {
      perKernel: () => ({ wrap: ({ forward }) => ({ forward: reusing((call) => forward(withoutSchedule(call)), rule, keep) }) }),
    },
  };
}

function withoutSchedule(call: Call): Call {
  if (call.case.history?.[0].op !== 'reuse') return call;
  const { history: _, ...c } = call.case;
  return { ...call, case: c };
}
