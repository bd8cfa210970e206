import { compileMask } from '../../../../spec/mask/compile/compile.js';
import { maskDialect } from '../../../../spec/mask/mask-dialect.js';
import type { Mask } from '../../../../spec/types/documents.js';
import type { WholeProblem } from '../../../parallel/blocks/local-attention.js';
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
