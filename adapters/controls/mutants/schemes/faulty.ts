import type { BlockAttention } from '../../../parallel/blocks/local-attention.js';
import type { Communicator } from '../../../parallel/communicator.js';
import { programNamed } from '../../../parallel/job/program-named.js';
import type { RankContext, SchemeProgram } from '../../../parallel/program.js';
import type { Fault } from '../lib/mutant.js';

/** Changes a built-in scheme. */
export function faulty(scheme: string, change: (correct: SchemeProgram) => Partial<SchemeProgram>): Fault {
  const correct = programNamed(scheme) as SchemeProgram;
  return { programs: [{ ...correct, ...change(correct) }] };
}

/** Changes the rank context of a built-in scheme. @param passes passes with the change. */
export function faultyRanks(
  scheme: string,
  change: (rank: RankContext) => Partial<RankContext>,
  passes: readonly ('forward' | 'backward')[] = ['forward', 'backward'],
): Fault {
  const changed = (rank: RankContext, pass: 'forward' | 'backward') => (passes.includes(pass) ? { ...rank, ...change(rank) } : rank);
  return faulty(scheme, ({ forward, backward }) => ({
    forward: (rank) => forward(changed(rank, 'forward')),
    ...(backward && { backward: (rank, outputs) => backward(changed(rank, 'backward'), outputs) }),
  }));
}

/** Replaces passes of a rank's kernel. */
export function attentionWith(correct: BlockAttention, other: Partial<Pick<BlockAttention, 'forward' | 'backward'>>): BlockAttention {
  return {
    get area() {
      return correct.area;
    },
    set area(cells) {
      correct.area = cells;
    },
    over: (whole) => correct.over(whole),
    forward: other.forward ?? ((block) => correct.forward(block)),
    backward: other.backward ?? ((...call) => correct.backward(...call)),
  };
}

/** Replaces functions of a communicator. */
export function communicatorWith(correct: Communicator, other: Partial<Communicator>): Communicator {
  return {
    rank: correct.rank,
    size: correct.size,
    isend: (...call) => correct.isend(...call),
    irecv: (...call) => correct.irecv(...call),
    isendrecv: (...call) => correct.isendrecv(...call),
    allGather: (tensors) => correct.allGather(tensors),
    allToAll: (parts) => correct.allToAll(parts),
    reduceScatter: (parts) => correct.reduceScatter(parts),
    allReduce: (tensors) => correct.allReduce(tensors),
    barrier: () => correct.barrier(),
    split: (color, key) => correct.split(color, key),
    enter: (phase) => correct.enter(phase),
    external: (work) => correct.external(work),
    compute: (flops) => correct.compute(flops),
    ...other,
  };
}
