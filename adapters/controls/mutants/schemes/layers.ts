import { slice } from '../../../parallel/collectives/slices.js';
import type { Communicator } from '../../../parallel/communicator.js';
import type { RankContext } from '../../../parallel/program.js';
import { lasp2hProgram } from '../../../parallel/programs/lasp-2h.js';
import { mutantsOf } from '../lib/mutant.js';
import { communicatorWith, faultyRanks } from './faulty.js';
import { OwnTwice } from './states.js';

const operators = ['linear-decay', 'softmax'];

/** Mutants of schemes for models with linear and softmax layers. */
export const layerMutants = mutantsOf('States under CP', [
  {
    id: 'lasp-2h-own-chunk-twice',
    title: 'the linear layer reads the state at the end of the chunk, beside the attention inside it',
    imitates: 'an inclusive prefix sum of gathered states in the place of an exclusive one',
    operators,
    fault: { programs: [lasp2hProgram((...of) => new OwnTwice(...of))] },
  },
  {
    id: 'lasp-2h-gathers-values',
    title: 'the softmax layer has v of the other ranks, not what their linear layers made of it',
    imitates: 'a gather of keys and values that is started early, to hide it behind the layer below',
    operators,
    fault: faultyRanks('lasp-2h', (rank) => ({ comm: gatheringValues(rank) })),
  },
  {
    id: 'lasp-2h-gradient-of-own-queries',
    title: 'the gradient that goes from the softmax layer to the linear one is that of the rank’s own queries',
    imitates: 'a gathered tensor whose backward pass is a slice of the gradient without the sum over ranks',
    operators,
    fault: faultyRanks('lasp-2h', ({ comm }) => ({
      comm: communicatorWith(comm, {
        reduceScatter: async (parts) => {
          const [dk] = await comm.reduceScatter(parts);
          return [dk, parts[comm.rank][1]];
        },
      }),
    })),
  },
]);

/** Gathers [k, v] instead of [k, output of the linear layer]. */
function gatheringValues({ comm, shard }: RankContext): Communicator {
  let head = 0;
  return communicatorWith(comm, {
    async allGather(tensors) {
      const [k, x] = tensors;
      if (!x) return comm.allGather(tensors);
      const v = slice(shard.v, 1, head, x.shape[1]);
      head += x.shape[1];
      const all = await comm.allGather([k, v]);
      return all.map((given, from) => (from === comm.rank ? [...tensors] : given));
    },
  });
}
