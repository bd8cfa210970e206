import { tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import { type AttentionState, emptyPartial, mergeInto } from '../../../parallel/blocks/attention-state.js';
import type { RankContext } from '../../../parallel/program.js';
import type { Fault } from '../lib/mutant.js';
import { mutantsOf } from '../lib/mutant.js';
import { otherBlocks } from './blocks.js';
import { attentionWith, faulty } from './faulty.js';

type Weigh = (x: number, y: number) => { readonly wx: number; readonly wy: number; readonly lse: number };

export const ringMergeMutants = mutantsOf('Ring merge', [
  {
    id: 'ring-merge-unweighted',
    title: 'partial results are averaged, whatever their LSEs',
    imitates: 'partial outputs of shards added up as if each were a share of the whole',
    fault: mergedBy((x, y) => ({ wx: 0.5, wy: 0.5, lse: logSum(x, y) })),
  },
  {
    id: 'ring-merge-base-2',
    title: 'LSEs in base e are merged as if their base were 2',
    imitates: 'https://github.com/sgl-project/sglang/issues/33064',
    fault: mergedBy((x, y) => {
      const m = Math.max(x, y);
      const [wx, wy] = [2 ** (x - m), 2 ** (y - m)];
      return { wx: wx / (wx + wy), wy: wy / (wx + wy), lse: m + Math.log2(wx + wy) };
    }),
  },
  {
    id: 'ring-merge-empty-nan',
    title: 'two empty partial results give −∞ − (−∞)',
    imitates: 'https://github.com/vllm-project/vllm/pull/39148',
    fault: mergedBy(
      (x, y) => {
        const lse = logSum(x, y);
        return { wx: Math.exp(x - lse), wy: Math.exp(y - lse), lse };
      },
      { guarded: false },
    ),
  },
  {
    id: 'ring-merge-f16',
    title: 'partial results are rounded to f16',
    imitates: 'https://github.com/zhuzilin/ring-flash-attention/issues/42',
    fault: collected((partials, into) => {
      for (const { o, lse } of partials) mergeInto(into, { o: halved(o), lse });
    }),
  },
  {
    id: 'ring-merge-overflow',
    title: 'the difference of LSEs is exponentiated without regard to the larger',
    imitates: 'https://github.com/zhuzilin/ring-flash-attention/pull/30',
    fault: mergedBy((x, y) => {
      const lse = Math.fround(x + Math.fround(Math.log(1 + Math.fround(Math.exp(y - x)))));
      return { wx: Math.exp(x - lse), wy: Math.exp(y - lse), lse };
    }),
  },
  {
    id: 'ring-denominator-epsilon',
    title: 'a ten-millionth is added to the denominator, lest it is 0: a key that has all the weight does not give its value',
    imitates: 'a merge that divides by the sum of weights plus an epsilon',
    alone: 'single-device',
    fault: collected((partials, into) => {
      for (const partial of partials) mergeInto(into, partial);
      if (partials.length > 1) for (let at = 0; at < into.o.length; at++) into.o[at] /= 1 + 1.2e-7;
    }),
  },
  {
    id: 'ring-local-outputs-backward',
    title: 'the backward pass has the o and LSE of the own block in place of the global ones',
    imitates: 'an attention whose saved outputs are those of its last local call',
    fault: faulty('ring', ({ forward, backward }) => {
      const own = new WeakMap<RankContext['saved'], AttentionState>();
      return {
        forward: (rank) => forward({ ...rank, attention: remembering(rank, own) }),
        backward: (rank, outputs) => {
          const { o, lse } = own.get(rank.saved) ?? { o: valuesOf(outputs.o), lse: valuesOf(outputs.lse) };
          const local = { o: tensorOf(outputs.o.dtype, outputs.o.shape, o), lse: tensorOf(outputs.lse.dtype, outputs.lse.shape, lse) };
          return (backward as NonNullable<typeof backward>)(rank, local);
        },
      };
    }),
  },
  {
    id: 'ring-sink-every-hop',
    title: 'the sink counts in every block',
    imitates: 'a sink that each call of the local kernel adds to its denominator',
    fault: otherBlocks('ring', (block) => ({ ...block, sink: true })),
  },
  {
    id: 'tree-sink-every-rank',
    title: 'the sink counts on every rank',
    imitates: 'https://github.com/InternLM/lmdeploy/pull/3951',
    fault: otherBlocks('tree-decode', (block) => ({ ...block, sink: true })),
  },
]);

/** Ring with other merge weights. Unguarded, an empty side gets a weight too. */
function mergedBy(weigh: Weigh, { guarded = true } = {}): Fault {
  return collected((partials, into) => {
    const e = into.lse.length === 0 ? 0 : into.o.length / into.lse.length;
    for (const { o, lse } of partials) {
      lse.forEach((y, row) => {
        const x = into.lse[row];
        if (guarded && y === -Infinity) return;
        const { wx, wy, lse: sum } = guarded && x === -Infinity ? { wx: 0, wy: 1, lse: y } : weigh(x, y);
        into.lse[row] = sum;
        for (let c = row * e; c < (row + 1) * e; c++) into.o[c] = wx * into.o[c] + wy * o[c];
      });
    }
  });
}

/** Ring that merges its partial results after the last step, in step order. */
function collected(merge: (partials: readonly AttentionState[], into: AttentionState) => void): Fault {
  return faulty('ring', ({ forward }) => ({
    async forward(rank) {
      const { attention, shard } = rank;
      const partials: AttentionState[] = [];
      const collecting = attentionWith(attention, {
        forward: async (block) => {
          const partial = await attention.forward(block);
          if (partial) partials.push(partial);
          return undefined;
        },
      });
      await forward({ ...rank, attention: collecting });
      const [b, h, rows] = shard.q.shape;
      const result = emptyPartial(b * h * rows, shard.v.shape[3]);
      merge(partials, result);
      return result;
    },
  }));
}

function remembering(
  { attention, comm, keys, saved }: RankContext,
  own: WeakMap<RankContext['saved'], AttentionState>,
): RankContext['attention'] {
  return attentionWith(attention, {
    forward: async (block) => {
      const partial = await attention.forward(block);
      if (partial && block.keys === keys[comm.rank]) own.set(saved, { o: partial.o.slice(), lse: partial.lse.slice() });
      return partial;
    },
  });
}

/** Natural logarithm of eˣ + eʸ; −∞ if both are −∞. */
function logSum(x: number, y: number): number {
  const m = Math.max(x, y);
  return m === -Infinity ? m : m + Math.log(Math.exp(x - m) + Math.exp(y - m));
}

function halved(values: Float64Array): Float64Array {
  return valuesOf(tensorOf('f16', [values.length], values));
}
