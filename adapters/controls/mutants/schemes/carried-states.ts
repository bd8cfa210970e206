import { type Tensor, tensor, tensorOf, transpose, valuesOf } from '../../../../spec/tensor/tensor.js';
import { OpenSegments } from '../../../parallel/blocks/open-segment.js';
import { StateChunk, type StateRank } from '../../../parallel/blocks/state-chunk.js';
import type { Communicator } from '../../../parallel/communicator.js';
import { openSegmentPassingProgram } from '../../../parallel/programs/open-segment-passing.js';
import { stateGatherProgram } from '../../../parallel/programs/state-gather.js';
import { sumOf } from '../../../parallel/transports/sum.js';
import { mutantsOf } from '../lib/mutant.js';
import { communicatorWith, faulty, faultyRanks } from './faulty.js';

const operators = ['gated-delta'];

/** Mutants of schemes in which delta rules pass states between ranks. */
export const carriedStateMutants = mutantsOf('States under CP', [
  {
    id: 'state-passing-transposed',
    title: 'the state is handed on with keys and values exchanged',
    imitates: 'a state of [d_k, d_v] handed to a kernel that keeps [d_v, d_k]: ollama#15865, with equal sizes nothing fails by its shape',
    operators,
    fault: faultyRanks('state-passing', ({ comm }) => ({ comm: sendingTransposed(comm) }), ['forward']),
  },
  {
    id: 'state-passing-gradient-of-next-state-lost',
    title: 'the gradient of the state is handed back without what the ranks behind gave for it',
    imitates: 'a backward pass that begins each chunk with a gradient of zeros for its last state',
    operators,
    fault: faultyRanks(
      'state-passing',
      ({ comm }) => ({
        comm: communicatorWith(comm, { irecv: async (from, tag) => (await comm.irecv(from, tag)).map(zeros) }),
      }),
      ['backward'],
    ),
  },
  {
    id: 'state-passing-boundaries-divided',
    title: 'the boundaries of the segments in each rank’s tokens are divided by the number of ranks, as if they still counted all tokens',
    imitates: 'cu_seqlens // cp_size for gated delta rules under context parallelism: ISEEKYAN/Megatron-LM, pull request 111',
    operators: ['gdn-packed'],
    fault: faultyRanks('state-passing', ({ comm, own: { rows, tensors } }) => ({
      own: { rows, tensors: { ...tensors, segment: dividedBoundaries(tensors.segment, comm.size) } },
    })),
  },
  {
    id: 'open-segment-of-next-rank',
    title: 'the state that comes from the rank before goes to the segment of the first token, though a new segment may begin there',
    imitates: 'a chunk that always goes on from the state it is handed: cu_seqlens that do not say whether the first segment began before',
    operators: ['gdn-packed'],
    fault: faulty('open-segment-passing', () => ({ forward: openSegmentPassingProgram((rank) => new OfFirstToken(rank)).forward })),
  },
  {
    id: 'open-segment-gradient-dropped',
    title: 'the gradient of the state that was open before a rank’s tokens is handed back as 0',
    imitates: 'a backward pass over packed segments that treats the first segment of a chunk as one that begins there',
    operators: ['gdn-packed'],
    fault: faultyRanks(
      'open-segment-passing',
      ({ comm }) => ({ comm: communicatorWith(comm, { irecv: async (from, tag) => (await comm.irecv(from, tag)).map(zeros) }) }),
      ['backward'],
    ),
  },
  {
    id: 'state-gather-not-decayed',
    title: 'the states of all chunks before are added up, without the gates of the chunks between',
    imitates: 'a prefix sum of gathered states written for linear attention without a decay',
    operators,
    fault: { programs: [stateGatherProgram((rank) => new WithoutDecay(rank))] },
  },
  {
    id: 'state-gather-matrix-not-transposed',
    title: 'gradients of states are combined with the matrices of the forward pass, which are not transposed',
    imitates: 'one kernel that merges gathered states for both directions',
    operators,
    fault: { programs: [stateGatherProgram((rank) => new NotTransposed(rank))] },
  },
  {
    id: 'state-gather-diagonal',
    title: 'the matrix of a chunk is its diagonal: the gates, without most of what the delta rule erases',
    imitates: 'a merge of states for gated linear attention, taken over for the gated delta rule',
    operators,
    fault: { programs: [stateGatherProgram((rank) => new DiagonalAlone(rank))] },
  },
  {
    id: 'state-gather-last-to-first',
    title: 'the state before a rank is combined from the nearest chunk to the farthest',
    imitates: 'a fold over gathered states that takes the product of the matrices in the wrong order',
    operators,
    fault: faultyRanks(
      'state-gather',
      ({ comm }) => ({
        comm: communicatorWith(comm, {
          allGather: async (tensors) => {
            const all = await comm.allGather(tensors);
            return [...all.slice(0, comm.rank).reverse(), ...all.slice(comm.rank)];
          },
        }),
      }),
      ['forward'],
    ),
  },
]);

function sendingTransposed(comm: Communicator): Communicator {
  return communicatorWith(comm, { isend: (to, tensors, tag) => comm.isend(to, tensors.map(exchanged), tag) });
}

/** Exchanges the last two axes of a state's elements, under the old shape. */
function exchanged(state: Tensor): Tensor {
  const axes = state.shape.map((_, axis) => axis);
  const rank = axes.length;
  const moved = transpose(state, [...axes.slice(0, rank - 2), rank - 1, rank - 2]);
  return tensorOf(state.dtype, state.shape, valuesOf(moved));
}

/** Moves each segment boundary from after c tokens to after ⌊c / ranks⌋. */
function dividedBoundaries(segment: Tensor, ranks: number): Tensor {
  const segments = valuesOf(segment);
  const last = segments.length - 1;
  return tensor(
    'i32',
    segment.shape,
    Int32Array.from(segments, (_, at) => segments[Math.min(at * ranks + ranks - 1, last)]),
  );
}

function zeros(t: Tensor): Tensor {
  return tensorOf(t.dtype, t.shape, new Float64Array(valuesOf(t).length));
}

class OfFirstToken extends OpenSegments {
  constructor(private readonly own: StateRank) {
    super(own);
  }

  override withState(states: Tensor, segment: number, state: Tensor): Tensor {
    const first = this.own.own.rows > 0 ? valuesOf(this.own.own.tensors.segment)[0] : segment;
    return super.withState(states, first, state);
  }
}

class WithoutDecay extends StateChunk {
  override after(added: Tensor, _matrix: Tensor, before: Tensor): Tensor {
    return sumOf([added, before]);
  }
}

class NotTransposed extends StateChunk {
  override before(added: Tensor, matrix: Tensor, after: Tensor): Tensor {
    return this.after(added, matrix, after);
  }
}

class DiagonalAlone extends StateChunk {
  override async transition(): Promise<Tensor> {
    const matrix = await super.transition();
    const d = matrix.shape[matrix.shape.length - 1];
    const values = valuesOf(matrix).map((x, at) => (Math.floor(at / d) % d === at % d ? x : 0));
    return tensorOf(matrix.dtype, matrix.shape, values);
  }
}
