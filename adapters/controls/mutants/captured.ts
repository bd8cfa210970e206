import type { Tensors } from '../../../spec/tensor/tensor.js';
import { type Fault, mutantsOf } from './lib/mutant.js';

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
    title: 'replays compute from a copy of the inputs that was made at the capture',
    imitates: 'inputs moved to the device, or made contiguous, before a graph is captured and not in it',
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
