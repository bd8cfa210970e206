import { standardSteps } from '../reference/steps/steps.js';
import { mutantsOf } from './lib/mutant.js';
import { forwardOf } from './lib/problem-steps.js';

/** Integer overflows within a few thousand keys. */
export const limitsMutants = mutantsOf('Limits', [
  {
    id: 'key-index-11-bits',
    title: 'key indexes have 11 bits: keys from 2,048 on are not seen',
    imitates: 'https://github.com/NVIDIA/TensorRT-LLM/pull/1076',
    fault: { steps: { endKey: (p, i) => Math.min(standardSteps.endKey(p, i), 2 ** 11) } },
  },
  {
    id: 'key-index-16-bits',
    title: 'key indexes have 16 bits: keys from 65,536 on are not seen',
    imitates: 'https://github.com/NVIDIA/TensorRT-LLM/pull/1076',
    alone: 'size-boundary',
    fault: { steps: { endKey: (p, i) => Math.min(standardSteps.endKey(p, i), 2 ** 16) } },
  },
  {
    id: 'value-offset-12-bits',
    title: 'offsets into V have 12 bits within a head, and wrap around',
    imitates: 'https://github.com/fla-org/flash-linear-attention/pull/965',
    fault: {
      forward: forwardOf((p) => {
        const size = p.n * p.e;
        return { ...p, v: p.v.map((_, at) => p.v[Math.floor(at / size) * size + ((at % size) % 2 ** 12)]) };
      }),
    },
  },
  {
    id: 'query-offset-int8',
    title: "a query's place among the keys has 8 bits with a sign",
    imitates: 'https://github.com/fla-org/native-sparse-attention/issues/15',
    fault: { steps: { offset: (p) => ((p.n - p.m + 128) & 255) - 128 } },
  },
  {
    id: 'head-size-asserted',
    title: 'head sizes that are no multiple of 8 are refused, which no limit claims',
    imitates: 'assert D % 8 == 0',
    fault: {
      call: (call) => {
        if (call.case.dims.d % 8 !== 0) throw new Error('the head size must be a multiple of 8');
        return call;
      },
    },
  },
]);
