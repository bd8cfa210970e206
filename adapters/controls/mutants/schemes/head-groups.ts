import { sizeOf, type Tensor, tensorOf, transpose, valuesOf } from '../../../../spec/tensor/tensor.js';
import { zerosLike } from '../../../parallel/collectives/all-reduce.js';
import type { Communicator } from '../../../parallel/communicator.js';
import type { HeadShare } from '../../../parallel/programs/head-sharing.js';
import { mutantsOf } from '../lib/mutant.js';
import { otherBlocks } from './blocks.js';
import { communicatorWith, faulty, faultyRanks } from './faulty.js';

export const headGroupMutants = mutantsOf('Ulysses, USP', [
  {
    id: 'ulysses-batch-and-member-swapped',
    title: 'what the all-to-all brings of each batch entry is read as if the batch were the outer axis',
    imitates: 'https://github.com/deepspeedai/DeepSpeed/issues/5808',
    fault: faultyRanks(
      'ulysses',
      ({ comm }) => ({ comm: communicatorWith(comm, { allToAll: async (parts) => byBatch(await comm.allToAll(parts)) }) }),
      ['forward'],
    ),
  },
  {
    id: 'ulysses-inverse-transposed',
    title: 'heads and rows of o are swapped on the way back',
    imitates: 'an all-to-all back whose result lacks the transposition of the one there',
    fault: faulty('ulysses', ({ forward }) => ({
      async forward(rank) {
        const { o, lse } = await forward(rank);
        if (rank.comm.size === 1) return { o, lse };
        const [b, h, rows] = rank.shard.q.shape;
        const swapped = transpose(tensorOf('f64', [b, rows, h, rank.shard.v.shape[3]], o), [0, 2, 1, 3]);
        return { o: valuesOf(swapped), lse };
      },
    })),
  },
  {
    id: 'usp-group-of-every-rth',
    title: 'the all-to-all goes over every R-th rank, as the ring does, rather than over neighbours',
    imitates: 'https://github.com/feifeibear/long-context-attention/pull/57',
    fault: faultyRanks('usp', ({ comm, world }) => ({ comm: withStridedGroups(comm, world.values.get('R') as number) }), ['forward']),
  },
  {
    id: 'usp-sink-every-hop',
    title: 'the sink counts in every block of the ring',
    imitates: 'a sink passed to the ring with each of its hops once the all-to-all has given out the heads',
    fault: otherBlocks('usp', (block) => ({ ...block, sink: true })),
  },
  {
    id: 'ulysses-replica-gradients-dropped',
    title: 'of the ranks that share a key head the first alone gives its gradients',
    imitates: 'key heads repeated before the all-to-all by a copy that autograd does not see',
    fault: faulty('ulysses', ({ backward }) => ({
      backward: (rank, outputs) => {
        const heads = rank.saved.heads as HeadShare;
        const group = withoutReplicas(heads.groups.heads, rank.whole.case.dims.hk);
        const saved = { heads: { ...heads, groups: { ...heads.groups, heads: group } } };
        return (backward as NonNullable<typeof backward>)({ ...rank, saved }, outputs);
      },
    })),
  },
]);

/** Number of gradients dq, dk and dv, which are sent together. */
const GRADIENTS = 3;

function withoutReplicas(group: Communicator, hk: number): Communicator {
  const replicas = group.size / hk;
  return communicatorWith(group, {
    async allToAll(parts) {
      const received = await group.allToAll(parts);
      if (replicas <= 1 || parts[0].length !== GRADIENTS) return received;
      return received.map(([dq, ...ofKeys], member) => [
        dq,
        ...ofKeys.map((t) => (member % replicas === 0 ? t : tensorOf(t.dtype, t.shape, zerosLike(t)))),
      ]);
    },
  });
}

/** Reads batch entries of all members, [members, b, …], as [b, members, …]. */
function byBatch(received: readonly (readonly Tensor[])[]): Tensor[][] {
  const members = received.length;
  return received.map((tensors, member) =>
    tensors.map((t, x) => {
      const b = t.shape[0];
      const values = received.map((all) => valuesOf(all[x]));
      const entry = sizeOf(t.shape) / b;
      const out = new Float64Array(b * entry);
      for (let i = 0; i < b; i++) {
        const from = i * members + member;
        const at = (from % b) * entry;
        out.set(values[Math.floor(from / b)].subarray(at, at + entry), i * entry);
      }
      return tensorOf(t.dtype, t.shape, out);
    }),
  );
}

/** Gives the first groups, which share out the heads, strided members. */
function withStridedGroups(comm: Communicator, rings: number): Communicator {
  let made = 0;
  return communicatorWith(comm, {
    split: (color, key) => (made++ === 0 ? comm.split(comm.rank % rings, comm.rank) : comm.split(color, key)),
  });
}
