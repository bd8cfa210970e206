import { compileMask } from '../../../../spec/mask/compile/compile.js';
import { maskDialect } from '../../../../spec/mask/mask-dialect.js';
import { valueIn } from '../../../../spec/scheme/world.js';
import type { Mask } from '../../../../spec/types/documents.js';
import type { AttentionBlock, BlockAttention, WholeProblem } from '../../../parallel/blocks/local-attention.js';
import { apbProgram } from '../../../parallel/programs/apb.js';
import { largestRows, rowsPassedOn } from '../../../parallel/programs/apb-passing.js';
import { mutantsOf } from '../lib/mutant.js';
import { attentionWith, faultyRanks } from './faulty.js';

export const starMutants = mutantsOf('Star, LongNet, APB', [
  {
    id: 'star-query-without-anchor',
    title: 'the query is not computed against the keys of rank 0',
    imitates: 'anchors dropped from the cache of every rank after the first phase, also from that of the rank whose own block it is',
    fault: faultyRanks('star', ({ attention, comm }) => ({
      attention: attentionWith(attention, {
        // only query rows on other ranks than the last are blocks without sink
        forward: async (block) => (comm.rank === 0 && !block.sink ? undefined : attention.forward(block)),
      }),
    })),
  },
  {
    id: 'star-own-block-whole',
    title: 'a block of the context sees itself whole, later tokens too',
    imitates: 'a causal flag that holds for the anchor and is lost for the local part of the keys',
    fault: faultyRanks('star', ({ attention, whole }) => ({
      attention: attention.over(withMask(whole, { or: [whole.case.mask, blocksOf(whole)] })),
    })),
  },
]);

/** Returns a document mask of the context's blocks and the query. */
function blocksOf({ case: c }: WholeProblem): Mask {
  const { block, query } = parametersOf(c.mask);
  const context = Math.max(0, c.dims.n - query);
  const lengths = Array.from({ length: Math.ceil(context / block) }, (_, x) => Math.min(block, context - x * block));
  return { name: 'document', parameters: { lengths: [...lengths, c.dims.n - context] } };
}

function parametersOf(mask: Mask): { block: number; query: number } {
  return ('name' in mask ? mask.parameters : {}) as { block: number; query: number };
}

export function withMask(whole: WholeProblem, mask: Mask): WholeProblem {
  const { b, hk, g, m, n } = whole.case.dims;
  const compiled = compileMask(whole.library, mask, { b, heads: hk * g, m, n, ...maskDialect(whole.case) });
  return { ...whole, case: { ...whole.case, mask }, mask: compiled };
}

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
