import { type Tensor, tensorOf } from '../../../../spec/tensor/tensor.js';
import { mergeInto } from '../../../parallel/blocks/attention-state.js';
import type { AttentionBlock } from '../../../parallel/blocks/local-attention.js';
import { zerosLike } from '../../../parallel/collectives/all-reduce.js';
import type { Communicator } from '../../../parallel/communicator.js';
import { mutantsOf } from '../lib/mutant.js';
import { otherBlocks, ownerOf } from './blocks.js';
import { attentionWith, communicatorWith, faultyRanks } from './faulty.js';

/** Message tags: gradients in a ring, and results of helpers in lightseq. */
const GRADIENTS = 1;
const RESULTS = 2;

/** Minimum number of keys of the faulty path for long sequences. */
const LONG = 2 ** 15 - 1;

export const ringOrderMutants = mutantsOf('Ring order', [
  {
    id: 'ring-source-plus-step',
    title: 'at each step keys are taken for those of the rank that lies as far on the other side',
    imitates: 'the owner of a block computed as rank + step in a ring whose blocks come from rank − step',
    fault: faultyRanks('ring', ({ comm: { rank, size }, keys }) => ({
      keys: keys.map((_, owner) => keys[(2 * rank - owner + size) % size]),
    })),
  },
  {
    id: 'ring-own-block-twice',
    title: 'the own block counts twice in the forward pass',
    imitates: 'a loop of P steps after a first block that was computed ahead of it',
    fault: faultyRanks(
      'ring',
      (rank) => {
        const { attention } = rank;
        return {
          attention: attentionWith(attention, {
            forward: async (block) => {
              const partial = await attention.forward(block);
              if (!partial || ownerOf(block, rank) !== rank.comm.rank) return partial;
              mergeInto(partial, { o: partial.o.slice(), lse: partial.lse.slice() });
              return partial;
            },
          }),
        };
      },
      ['forward'],
    ),
  },
  {
    id: 'ring-buffers-never-swapped',
    title: 'what a hop brings is not used: every step has the own keys',
    imitates: 'double buffers of which the wrong one is read',
    fault: faultyRanks('ring', ({ comm }) => ({
      comm: communicatorWith(comm, {
        isendrecv: async (to, tensors, from, tag) => {
          await comm.isendrecv(to, tensors, from, tag);
          return [...tensors];
        },
      }),
    })),
  },
  {
    id: 'ring-stale-keys-backward',
    title: 'the backward pass computes every step with the keys of the first',
    imitates: 'https://github.com/huggingface/diffusers/issues/14265',
    fault: faultyRanks(
      'ring',
      ({ attention, shard: { k, v } }) => ({
        attention: attentionWith(attention, {
          backward: (block, ...outputs) => attention.backward({ ...block, k, v }, ...outputs),
        }),
      }),
      ['backward'],
    ),
  },
  {
    id: 'ring-gradients-not-home',
    title: 'dk and dv go P − 1 hops and stay with the rank before their owner',
    imitates: 'a ring that gives the gradients as many hops as the keys, which start at home',
    fault: faultyRanks('ring', ({ comm }) => ({ comm: comm.size > 1 ? withoutLastHop(comm) : comm }), ['backward']),
  },
  {
    id: 'ring-last-hop-skipped',
    title: 'the last block is not computed',
    imitates: 'a loop over P − 1 steps where P are needed',
    fault: otherBlocks('ring', (block, rank) => {
      const { comm } = rank;
      return comm.size > 1 && ownerOf(block, rank) === (comm.rank + 1) % comm.size ? undefined : block;
    }),
  },
  {
    id: 'lightseq-dq-of-helpers-lost',
    title: 'dq of the blocks that helpers compute is left out',
    imitates: 'help for the forward pass alone, while the backward pass waits for it and goes on',
    fault: faultyRanks(
      'lightseq',
      ({ comm }) => ({
        comm: communicatorWith(comm, {
          irecv: async (from, tag) => {
            const received = await comm.irecv(from, tag);
            return tag === RESULTS ? received.map((t) => tensorOf(t.dtype, t.shape, zerosLike(t))) : received;
          },
        }),
      }),
      ['backward'],
    ),
  },
  {
    id: 'ring-long-block-reused',
    title: 'over long sequences the third block of keys, and every later one, is the block before it',
    imitates:
      'two buffers for the keys of a ring, whose copy is not waited for once blocks are long: right for two ranks, and for short sequences',
    profile: 'long-parallel',
    alone: 'long-single-device',
    fault: faultyRanks('ring', ({ attention, whole }) => {
      let [visits, before] = [0, undefined as AttentionBlock | undefined];
      const reused = (block: AttentionBlock): AttentionBlock => {
        const kept = before;
        before = block;
        const isLate = ++visits > 2 && whole.case.dims.n >= LONG;
        return isLate && kept && kept.k.shape.join() === block.k.shape.join() ? { ...block, k: kept.k, v: kept.v } : block;
      };
      return {
        attention: attentionWith(attention, {
          forward: (block) => attention.forward(reused(block)),
          backward: (block, ...outputs) => attention.backward(reused(block), ...outputs),
        }),
      };
    }),
  },
]);

/** Skips the last hop of gradients: a rank keeps the gradients that it should send on. */
function withoutLastHop(comm: Communicator): Communicator {
  let [sent, received] = [0, 0];
  let kept: readonly Tensor[] = [];
  return communicatorWith(comm, {
    isend: async (to, tensors, tag) => {
      if (tag === GRADIENTS && ++sent === comm.size) kept = tensors;
      else await comm.isend(to, tensors, tag);
    },
    irecv: async (from, tag) => (tag === GRADIENTS && ++received === comm.size ? [...kept] : comm.irecv(from, tag)),
  });
}
