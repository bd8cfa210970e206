import { mutantsOf } from '../lib/mutant.js';
import { communicatorWith, faulty, faultyRanks } from './faulty.js';
import { contiguous } from './shard-layout.js';

export const bytesMutants = mutantsOf('Bytes and balance', [
  {
    id: 'ring-keys-sent-twice',
    title: 'every hop carries the keys and values twice',
    imitates: 'keys sent by themselves, and again in a buffer joined with the values',
    alone: 'ledger',
    fault: faultyRanks('ring', ({ comm }) => ({
      comm: communicatorWith(comm, {
        isendrecv: async (to, tensors, from, tag) =>
          (await comm.isendrecv(to, [...tensors, ...tensors], from, tag)).slice(0, tensors.length),
      }),
    })),
  },
  {
    id: 'all-gather-reduces-to-all',
    title: 'the gradients of all keys are summed on every rank, which keeps its own of them',
    imitates: 'the backward pass of an all-gather as an all-reduce and a slice',
    fault: faultyRanks('all-gather', ({ comm }) => ({
      comm: communicatorWith(comm, {
        reduceScatter: async (parts) => {
          const sums = await comm.allReduce(parts.flat());
          const each = parts[0].length;
          return sums.slice(comm.rank * each, (comm.rank + 1) * each);
        },
      }),
    })),
  },
  {
    id: 'zigzag-without-balance',
    title: 'the shards are contiguous',
    imitates: 'load balance that is switched on after the shards were made',
    alone: 'balance',
    fault: faulty('ring-zigzag', () => ({ solve: (_, world) => contiguous(world) })),
  },
]);
