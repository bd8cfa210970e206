import { mutantsOf } from '../lib/mutant.js';
import { communicatorWith, faulty, faultyRanks } from './faulty.js';

export const keyGradientMutants = mutantsOf('Gradients of keys', [
  {
    id: 'all-gather-gradients-of-own-queries',
    title: "dk and dv are those of the rank's own queries, without the sum over the ranks",
    imitates: 'zigzag attention of ring-attention-pytorch (adapters/FINDINGS.md)',
    fault: faultyRanks('all-gather-zigzag', ({ comm }) => ({
      comm: communicatorWith(comm, {
        reduceScatter: async (parts) => {
          await comm.reduceScatter(parts);
          return [...parts[comm.rank]];
        },
      }),
    })),
  },
  {
    id: 'ring-gradients-in-one-buffer',
    title: 'dk and dv are both their sum, where K and V are as wide',
    imitates: 'ring attention of ring-attention-pytorch (adapters/FINDINGS.md)',
    fault: faulty('ring', ({ backward }) => ({
      ...(backward && {
        backward: async (rank, outputs) => {
          const { dk, dv, ...rest } = await backward(rank, outputs);
          const { k, v } = rank.shard;
          const sum = k.shape[3] === v.shape[3] ? dk.map((x, at) => x + dv[at]) : undefined;
          return { dk: sum ?? dk, dv: sum?.slice() ?? dv, ...rest };
        },
      }),
    })),
  },
]);
