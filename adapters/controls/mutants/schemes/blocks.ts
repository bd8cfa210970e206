import type { AttentionBlock, BlockAttention } from '../../../parallel/blocks/local-attention.js';
import type { RankContext } from '../../../parallel/program.js';
import type { Fault } from '../lib/mutant.js';
import { attentionWith, faultyRanks } from './faulty.js';

/** Replaces or drops the blocks of a ring-like scheme. */
export function otherBlocks(scheme: string, change: (block: AttentionBlock, rank: RankContext) => AttentionBlock | undefined): Fault {
  return faultyRanks(scheme, (rank) => {
    const { attention } = rank;
    return {
      attention: attentionWith(attention, {
        forward: async (block) => {
          const other = change(block, rank);
          return other && attention.forward(other);
        },
        backward: async (block, ...outputs) => {
          const other = change(block, rank);
          return other && attention.backward(other, ...outputs);
        },
      }),
    };
  });
}

/** Uses another problem for blocks from other ranks. */
export function otherProblemAway(scheme: string, away: (rank: RankContext) => BlockAttention): Fault {
  return faultyRanks(scheme, (rank) => {
    const { attention } = rank;
    const of = (block: AttentionBlock) => (ownerOf(block, rank) === rank.comm.rank ? attention : away(rank));
    return {
      attention: attentionWith(attention, {
        forward: (block) => of(block).forward(block),
        backward: (block, ...outputs) => of(block).backward(block, ...outputs),
      }),
    };
  });
}

/** Returns the rank that a block's keys belong to, in schemes that circulate whole shards. */
export function ownerOf({ keys }: AttentionBlock, rank: RankContext): number {
  return rank.keys.indexOf(keys);
}
