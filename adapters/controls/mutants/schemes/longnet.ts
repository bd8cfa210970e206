import type { Mask } from '../../../../spec/types/documents.js';
import { headRuns, longnetProgram } from '../../../parallel/programs/longnet.js';
import { mutantsOf } from '../lib/mutant.js';
import { withMask } from './apb.js';
import { attentionWith, faultyRanks } from './faulty.js';

export const longnetMutants = mutantsOf('Star, LongNet, APB', [
  {
    id: 'longnet-branches-averaged',
    title: 'the branches are averaged, whatever their LSEs',
    imitates: 'outputs of dilated branches summed up and divided by how many there are, in place of weights by their denominators',
    fault: faultyRanks('longnet', ({ attention }) => ({
      attention: {
        ...attentionWith(attention, {}),
        over: (whole) => {
          const branch = attention.over(whole);
          return attentionWith(branch, {
            forward: async (block) => {
              const partial = await branch.forward(block);
              return partial && { o: partial.o, lse: partial.lse.map((x) => (x === -Infinity ? x : 0)) };
            },
          });
        },
      },
    })),
  },
  {
    id: 'longnet-segments-cut-at-shards',
    title: 'segments end where shards do',
    imitates: 'segments counted from the start of each shard once the sequence is spread over ranks',
    fault: faultyRanks('longnet', ({ attention, world }) => ({
      attention: {
        ...attentionWith(attention, {}),
        over: (whole) => {
          const { n } = whole.case.dims;
          const shard = world.padded / world.ranks;
          const lengths = Array.from({ length: Math.ceil(n / shard) }, (_, x) => Math.min(shard, n - x * shard));
          const shards: Mask = { name: 'document', parameters: { lengths } };
          return attention.over(withMask(whole, { and: [whole.case.mask, shards] }));
        },
      },
    })),
  },
  {
    id: 'longnet-heads-keep-the-same',
    title: 'every head keeps the first token of a rate, whatever its own offset',
    imitates: 'dilated keys taken with one stride for all heads, so that most tokens are in no branch but the first',
    fault: { programs: [longnetProgram((dims, rate) => headRuns(dims, rate).map((run) => ({ ...run, offset: 0 })))] },
  },
]);
