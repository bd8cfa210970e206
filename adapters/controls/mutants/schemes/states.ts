import { type Tensor, tensorOf } from '../../../../spec/tensor/tensor.js';
import { LinearChunk } from '../../../parallel/blocks/linear-chunk.js';
import { zerosLike } from '../../../parallel/collectives/all-reduce.js';
import { laspProgram } from '../../../parallel/programs/lasp.js';
import { lasp2Program } from '../../../parallel/programs/lasp-2.js';
import { sumOf } from '../../../parallel/transports/sum.js';
import { mutantsOf } from '../lib/mutant.js';
import { communicatorWith, faultyRanks } from './faulty.js';

const operators = ['linear-decay'];

export const stateMutants = mutantsOf('States under CP', [
  {
    id: 'lasp-state-not-decayed',
    title: 'a state that passes through a chunk does not decay over it',
    imitates: 'a decay inside blocks alone, with states handed on as they come',
    operators,
    fault: { programs: [laspProgram((...of) => new WithoutDecay(...of))] },
  },
  {
    id: 'lasp-own-chunk-twice',
    title: 'queries read the state at the end of their chunk, beside the attention inside it',
    imitates: 'a prefix that is updated in place before the chunk between the two has read it',
    operators,
    fault: { programs: [laspProgram((...of) => new OwnTwice(...of))] },
  },
  {
    id: 'lasp-last-sends-no-gradient',
    title: 'the last rank, which sends no state, sends no gradient of one either',
    imitates: 'a backward ring with the conditions of the forward one',
    operators,
    fault: faultyRanks(
      'lasp',
      ({ comm }) => ({
        comm: communicatorWith(comm, {
          isend: (to, tensors, tag) => comm.isend(to, comm.rank === comm.size - 1 ? tensors.map(zeros) : tensors, tag),
        }),
      }),
      ['backward'],
    ),
  },
  {
    id: 'lasp-2-not-decayed',
    title: 'the states of all chunks before are added up as they are',
    imitates: 'a prefix sum written for a model without decay',
    operators,
    fault: { programs: [lasp2Program((...of) => new WithoutDecay(...of))] },
  },
  {
    id: 'lasp-2-prefix-with-own',
    title: 'the prefix sum of the states ends with the rank’s own',
    imitates: 'an inclusive scan in the place of an exclusive one',
    operators,
    fault: faultyRanks('lasp-2', ({ comm }) => ({ comm: communicatorWith(comm, { rank: comm.size === 1 ? 0 : comm.rank + 1 }) }), [
      'forward',
    ]),
  },
  {
    id: 'lasp-2-prefix-for-suffix',
    title: 'the backward pass adds up what comes from the chunks before',
    imitates: 'a backward pass that repeats the forward one with do in the place of v',
    operators,
    fault: faultyRanks(
      'lasp-2',
      ({ comm }) => ({
        comm: communicatorWith(comm, {
          rank: comm.size - 1 - comm.rank,
          allGather: async (tensors) => (await comm.allGather(tensors)).reverse(),
        }),
      }),
      ['backward'],
    ),
  },
]);

class WithoutDecay extends LinearChunk {
  override over(state: Tensor, earlier: Tensor): Tensor {
    return sumOf([state, earlier]);
  }
}

export class OwnTwice extends LinearChunk {
  override forward(before: Tensor | undefined): Promise<Float64Array> {
    return super.forward(before && this.over(this.state(), before));
  }
}

function zeros(t: Tensor): Tensor {
  return tensorOf(t.dtype, t.shape, zerosLike(t));
}
