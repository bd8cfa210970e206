import { compileMask } from '../../../../spec/mask/compile/compile.js';
import type { CompiledMask } from '../../../../spec/mask/compile/compiled-mask.js';
import type { WholeProblem } from '../../../parallel/blocks/local-attention.js';
import { mutantsOf } from '../lib/mutant.js';
import { otherBlocks, otherProblemAway, ownerOf } from './blocks.js';
import { faultyRanks } from './faulty.js';

export const maskMutantsOfSchemes = mutantsOf('Masks under CP', [
  {
    id: 'ring-causal-every-hop',
    title: 'every block has the mask of the own one',
    imitates: 'a ring that passes `causal` to the local kernel at each of its steps',
    fault: otherBlocks('ring', (block) => ({ ...block, keys: block.queries })),
  },
  {
    id: 'zigzag-skip-by-step',
    title: 'causal blocks are skipped by rank and step, as in a contiguous ring',
    imitates: 'load balance added to a ring whose steps are skipped where the owner of the keys has a higher rank',
    fault: otherBlocks('ring-zigzag', (block, rank) => {
      const { mask } = rank.whole.case;
      return 'name' in mask && mask.name === 'causal' && ownerOf(block, rank) > rank.comm.rank ? undefined : block;
    }),
  },
  {
    id: 'zigzag-columns-not-permuted',
    title: 'the mask has its rows in the order of the shards, and its columns in that of the tokens',
    imitates: 'a dense mask sharded along its rows by the load balancer, and along its columns by rank',
    fault: otherBlocks('ring-zigzag', (block, rank) => {
      const length = rank.world.padded / rank.world.ranks;
      return { ...block, keys: [{ start: ownerOf(block, rank) * length, length, stride: 1 }] };
    }),
  },
  {
    id: 'ring-document-boundary-lost',
    title: 'documents are kept apart in the own block alone',
    imitates: 'https://github.com/huggingface/trl/pull/6843',
    fault: otherProblemAway('ring', ({ attention, whole }) =>
      attention.over(without(whole, { 'document-causal': 'causal', document: 'full' })),
    ),
  },
  {
    id: 'ring-window-lost',
    title: 'the window holds in the own block alone',
    imitates: 'https://github.com/huggingface/accelerate/pull/4177',
    fault: otherProblemAway('ring', ({ attention, whole }) => attention.over(without(whole, { 'sliding-window': 'full' }))),
  },
  {
    id: 'magi-cast-as-if-causal',
    title: 'which keys go to which rank is planned as for a causal mask, whatever the mask',
    imitates: 'transfers planned for causal attention in a scheme that takes any mask',
    fault: faultyRanks('magi', ({ whole }) => ({ whole: { ...whole, mask: named(whole, 'causal') } })),
  },
]);

const lost = new WeakMap<WholeProblem, WholeProblem>();

/** Replaces named masks. Caches the problem, because blocks are identified by their problem. */
function without(whole: WholeProblem, others: Readonly<Record<string, string>>): WholeProblem {
  const { case: c } = whole;
  const name = 'name' in c.mask ? others[c.mask.name] : undefined;
  if (name === undefined) return whole;
  const known = lost.get(whole);
  if (known) return known;
  const other = { ...whole, case: { ...c, mask: { name } }, mask: named(whole, name) };
  lost.set(whole, other);
  return other;
}

function named({ library, case: { dims } }: WholeProblem, name: string): CompiledMask {
  const { b, hk, g, m, n } = dims;
  return compileMask(library, { name }, { b, heads: hk * g, m, n, causal: 'bottom-right', window: 'inclusive' });
}
