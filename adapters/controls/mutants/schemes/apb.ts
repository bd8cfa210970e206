import { valueIn } from '../../../../spec/scheme/world.js';
import type { AttentionBlock, BlockAttention } from '../../../parallel/blocks/local-attention.js';
import { apbProgram } from '../../../parallel/programs/apb.js';
import { largestRows, rowsPassedOn } from '../../../parallel/programs/apb-passing.js';
import { mutantsOf } from '../lib/mutant.js';
import { attentionWith, faultyRanks } from './faulty.js';

/** Rows of a kernel tile that straddles the end of the anchor. */
const TILE = 4;

export const apbMutants = mutantsOf('Star, LongNet, APB', [
  {
    id: 'apb-anchor-passed-on',
    title: 'keys of the anchor are passed on too, so that they count twice',
    imitates: 'the largest scores of all tokens that the first host has, which begin with the anchor',
    fault: {
      programs: [
        apbProgram((score, { start, blocks }) =>
          blocks.map((block) => {
            const row = block.start - start;
            return largestRows(score, row, row + block.length, block.passed);
          }),
        ),
      ],
    },
  },
  {
    id: 'apb-largest-of-the-rank',
    title: 'the largest scores are those of all tokens of a rank rather than of each block',
    imitates: 'a top-k over the whole local context where hosts have several blocks',
    fault: {
      programs: [
        apbProgram((score, { anchor, passed, blocks }) => {
          const length = blocks.reduce((sum, block) => sum + block.length, 0);
          const rows = largestRows(score, anchor, length, passed);
          const heads = score.shape[0] * score.shape[1];
          let before = 0;
          return blocks.map((block) => {
            const [first, count] = [before, block.passed];
            before += count;
            return Int32Array.from({ length: heads * count }, (_, x) => rows[Math.floor(x / count) * passed + first + (x % count)]);
          });
        }),
      ],
    },
  },
  {
    id: 'apb-keys-of-the-first-head',
    title: 'every head passes on the keys that the first one chose',
    imitates: 'one selection of keys for all key heads of a compressor whose scores differ between them',
    fault: {
      programs: [
        apbProgram((score, rank) => {
          const heads = score.shape[0] * score.shape[1];
          return rowsPassedOn(score, rank).map((rows) => rows.map((_, x) => rows[x % (rows.length / heads)]));
        }),
      ],
    },
  },
  {
    id: 'apb-one-key-fewer',
    title: 'each block passes on one key fewer',
    imitates: 'a top-k that counts from zero',
    fault: faultyRanks('apb', ({ world }) => ({
      world: { ...world, values: new Map([...world.values, ['top', Math.max(0, valueIn(world, 'top') - 1)]]) },
    })),
  },
  {
    id: 'apb-tile-of-the-anchor',
    title: 'the rows that share a tile with the end of the anchor see no key that is passed on',
    imitates: 'APB flash_fwd_kernel.h: a tile of rows that begins in the anchor skips the tiles of passed keys, whatever else is in it',
    fault: faultyRanks('apb', ({ attention, world }) => ({ attention: straddling(attention, valueIn(world, 'anchor')) }), ['forward']),
  },
]);

/** Drops attention to passed keys for rows in a tile with anchor rows. */
function straddling(correct: BlockAttention, anchor: number): BlockAttention {
  return {
    ...attentionWith(correct, {}),
    over: (whole) => {
      const attention = correct.over(whole);
      // passed keys have the full mask
      const passed = 'name' in whole.case.mask && whole.case.mask.name === 'full';
      return passed
        ? attentionWith(attention, { forward: async (block) => skipped(await attention.forward(block), block, anchor) })
        : attention;
    },
  };
}

function skipped(partial: Awaited<ReturnType<BlockAttention['forward']>>, { queries: [{ start }], q }: AttentionBlock, anchor: number) {
  const before = Math.min(anchor, start);
  const rows = q.shape[2];
  const lies = (row: number) => before > 0 && Math.floor((before + row) / TILE) * TILE < before;
  return partial && { o: partial.o, lse: partial.lse.map((x, at) => (lies(at % rows) ? -Infinity : x)) };
}
