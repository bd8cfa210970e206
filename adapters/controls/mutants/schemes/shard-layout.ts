import type { CompiledMask } from '../../../../spec/mask/compile/compiled-mask.js';
import { type Positions, segmentsOf } from '../../../../spec/positions.js';
import { documentLengths } from '../../../../spec/scheme/document-lengths.js';
import { layoutOf, type World } from '../../../../spec/scheme/world.js';
import { type Tensor, tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { AttentionState } from '../../../parallel/blocks/attention-state.js';
import type { WholeProblem } from '../../../parallel/blocks/local-attention.js';
import type { RankContext, SchemeProgram, ShardGradients, StoredOutputs } from '../../../parallel/program.js';
import { mutantsOf } from '../lib/mutant.js';
import { faulty, faultyRanks } from './faulty.js';

/** Returns a rank's positions in reverse order. */
function reversed(places: readonly Positions[]): Positions[] {
  return places
    .map(({ start, length, stride }) => ({ start: start + (length - 1) * stride, length, stride: length === 1 ? 1 : -stride }))
    .reverse();
}

function reversedOutputs({ shard }: RankContext, { o, lse }: AttentionState): AttentionState {
  const rows = shard.q.shape[2];
  return { o: rowsReversed(o, rows, shard.v.shape[3]), lse: rowsReversed(lse, rows, 1) };
}

function reversedStored({ o, lse }: StoredOutputs): StoredOutputs {
  const [, , rows, e] = o.shape;
  return { o: reversedTensor(o, rows, e), lse: reversedTensor(lse, rows, 1) };
}

function reversedGradients({ shard: { q, k, v } }: RankContext, { dq, dk, dv, ...rest }: ShardGradients): ShardGradients {
  return {
    dq: rowsReversed(dq, q.shape[2], q.shape[3]),
    dk: rowsReversed(dk, k.shape[2], k.shape[3]),
    dv: rowsReversed(dv, v.shape[2], v.shape[3]),
    ...rest,
  };
}

function reversedTensor(t: Tensor, rows: number, width: number): Tensor {
  return tensorOf(t.dtype, t.shape, rowsReversed(valuesOf(t), rows, width));
}

/** Reverses the rows of each head in [b, h, rows, width]. */
function rowsReversed(data: Float64Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let row = 0; row * width < data.length; row++) {
    const head = row - (row % rows);
    out.set(data.subarray(row * width, (row + 1) * width), (head + rows - 1 - (row - head)) * width);
  }
  return out;
}

export const shardLayoutMutants = mutantsOf('Shard layout', [
  {
    id: 'zigzag-contiguous-inverse',
    title: 'zigzag shards are put together as if they were contiguous',
    imitates: 'outputs of balanced shards joined by an all-gather along the sequence',
    fault: faulty('ring-zigzag', () => ({
      putBack: (_, world) => ({ keys: contiguous(world), queries: contiguous(world) }),
    })),
  },
  {
    id: 'all-gather-keys-in-rank-order',
    title: 'zigzag keys, once gathered, are taken to lie in the order of tokens',
    imitates: 'keys gathered along the sequence, and not rearranged where load balance has cut it in chunks',
    fault: faultyRanks('all-gather-zigzag', ({ world }) => ({ keys: contiguous(world) })),
  },
  {
    id: 'ring-remainder-dropped',
    title: 'every rank has ⌊T/P⌋ tokens, and the rest are on none',
    imitates: 'https://github.com/NVIDIA/TransformerEngine/issues/1930',
    fault: faulty('ring', () => ({ solve: (_, { ranks, tokens }) => rangesOf(ranks, Math.floor(tokens / ranks)) })),
  },
  {
    id: 'ring-outputs-reversed',
    title: "a rank's outputs and gradients lie in the reverse order of its tokens, and are put back from there",
    imitates: 'a layout of outputs that is not that of inputs: a residual connection adds the attention of other tokens',
    alone: 'round-trip',
    fault: faulty('ring', ({ forward, backward }) => ({
      putBack: ({ keys, queries }) => ({ keys: keys.map(reversed), queries: queries.map(reversed) }),
      forward: async (rank) => reversedOutputs(rank, await forward(rank)),
      ...(backward && {
        backward: async (rank: RankContext, outputs: StoredOutputs) =>
          reversedGradients(rank, await backward(rank, reversedStored(outputs))),
      }),
    })),
  },
  {
    id: 'ring-padding-visible',
    title: 'a padding key is seen by whoever sees the last one',
    imitates: 'zeros appended to the keys of a mask that is not causal, with their share of the denominator',
    fault: faultyRanks('ring', ({ attention, whole, world }) => ({ attention: attention.over(withPadding(whole, world.padded)) })),
  },
  {
    id: 'ring-document-padding-visible',
    title: "the padding of a document is seen by whoever sees the document's last key",
    imitates: 'offsets of documents with their padding taken for those without it: cu_seqlens_padded where cu_seqlens is meant',
    fault: faultyRanks('ring-zigzag-document', ({ attention, whole, world }) => ({
      attention: attention.over(withPaddedDocuments(whole, world)),
    })),
  },
  {
    id: 'ring-layout-kept-by-shape',
    title: 'where tokens lie is worked out once for each shape, and kept when the number of ranks changes',
    imitates: 'a cache of sharding plans whose key lacks the size of the group',
    alone: 'any-world',
    fault: faulty('ring', () => ({ solve: laidOutOnce() })),
  },
  {
    id: 'ring-cross-accepted',
    title: 'more queries than keys, or fewer, are computed rather than refused: queries beyond the keys are on no rank',
    imitates: 'one length taken for queries and keys where a cross attention is sharded',
    alone: 'refusal',
    fault: faulty('ring', () => ({ refuses: () => undefined })),
  },
  {
    id: 'ulysses-heads-not-checked',
    title: 'heads that the ranks do not divide are tried rather than refused',
    imitates: 'https://github.com/hiyouga/LlamaFactory/pull/10794',
    fault: faulty('ulysses', () => ({ refuses: () => undefined })),
  },
]);

/** Returns runs of equal length over all tokens and padding. */
export function contiguous({ ranks, padded }: World): Positions[][] {
  return rangesOf(ranks, padded / ranks);
}

function rangesOf(ranks: number, length: number): Positions[][] {
  return Array.from({ length: ranks }, (_, rank) => segmentsOf(Int32Array.from({ length }, (__, x) => rank * length + x)));
}

const padded = new WeakMap<WholeProblem, WholeProblem>();

/** Shows padding keys to queries that see the last key. */
function withPadding(whole: WholeProblem, tokens: number): WholeProblem {
  return withVisible(whole, tokens, () => whole.mask.n - 1);
}

/** Shows padding keys to queries that see their document's last key. */
function withPaddedDocuments(whole: WholeProblem, world: World): WholeProblem {
  const unit = 2 * world.ranks;
  const last: number[] = [];
  let end = 0;
  for (const length of documentLengths(whole.case.mask, world.tokens)) {
    end += length;
    for (let row = length; row % unit > 0; row++) last.push(end - 1);
  }
  return withVisible(whole, world.tokens + last.length, (key) => last[key - world.tokens]);
}

/** Adds padding keys, each visible like the key `seenAs`; cached by problem. */
function withVisible(whole: WholeProblem, tokens: number, seenAs: (key: number) => number): WholeProblem {
  const { mask } = whole;
  const known = padded.get(whole);
  if (known) return known;
  // scans describe the mask without padding
  const { scans: _, ...rest } = mask;
  const seen: CompiledMask = {
    ...rest,
    m: tokens,
    n: tokens,
    visible: (b, h, i, j) => i < mask.m && mask.visible(b, h, i, j < mask.n ? j : seenAs(j)),
  };
  const other = { ...whole, mask: seen };
  padded.set(whole, other);
  return other;
}

/** Caches the layout by shape and mask, and deals it out again for other numbers of ranks. */
function laidOutOnce(): NonNullable<SchemeProgram['solve']> {
  const known = new Map<string, readonly Positions[][]>();
  return ({ case: { dims, mask } }, world) => {
    const key = JSON.stringify([dims, mask]);
    const layout = known.get(key) ?? layoutOf(world);
    known.set(key, layout);
    return Array.from({ length: world.ranks }, (_, rank) => layout[rank % layout.length]);
  };
}
