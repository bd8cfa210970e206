import { anyRank } from '../../../parallel/communicator.js';
import { sumOf } from '../../../parallel/transports/sum.js';
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

const SUMS = 1;
const KEYS = 0;
/** Turns of the event loop that a rank waits for a message, more than small jobs need. */
const PATIENCE = 5000;

export const messageMutants = mutantsOf('Messages', [
  {
    id: 'tree-sums-as-they-come',
    title: 'partial sums are added in the order in which they arrive',
    imitates: 'an all-reduce whose order of additions differs from run to run',
    alone: 'interleaving',
    fault: faultyRanks('tree-decode', ({ comm }) => ({
      comm: communicatorWith(comm, {
        allReduce: async (tensors) => {
          const others = Array.from({ length: comm.size }, (_, rank) => rank).filter((rank) => rank !== comm.rank);
          const sends = others.map((to) => comm.isend(to, tensors, SUMS));
          let sums = [...tensors];
          for (const _ of others) {
            const terms = await comm.irecv(anyRank, SUMS);
            sums = sums.map((sum, x) => sumOf([sum, terms[x]]));
          }
          await Promise.all(sends);
          return sums;
        },
      }),
    })),
  },
  {
    id: 'dist-receives-from-any',
    title: 'the root takes whichever partial result comes first for that of the next rank in its list',
    imitates: 'a receive from any source in a loop over sources',
    fault: faultyRanks('dist-attention', ({ comm }) => ({
      comm: communicatorWith(comm, { irecv: (from, tag) => comm.irecv(comm.rank === 0 ? anyRank : from, tag) }),
    })),
  },
  {
    id: 'ring-one-hop-too-many',
    title: 'the keys are sent on after the last step, and nobody receives them',
    imitates: 'a send at the end of each step, that of the last one too',
    fault: faulty('ring', ({ forward }) => ({
      async forward(rank) {
        const { comm, shard } = rank;
        const result = await forward(rank);
        if (comm.size > 1) await comm.isend((comm.rank + 1) % comm.size, [shard.k, shard.v], KEYS);
        return result;
      },
    })),
  },
  {
    id: 'ring-waits-and-goes-on',
    title: 'a rank that waits in vain goes on with the keys that it has',
    imitates: 'a time limit of a collective whose error nobody looks at',
    alone: 'fault',
    fault: faultyRanks('ring', ({ comm }) => ({
      comm: communicatorWith(comm, {
        isendrecv: async (to, tensors, from, tag) => {
          let waiting = true;
          const received = comm.irecv(from, tag).finally(() => {
            waiting = false;
          });
          const patience = turnsWhile(() => waiting).then(() => (waiting ? [...tensors] : received));
          const first = Promise.race([received, comm.external(patience)]);
          await Promise.all([first, comm.isend(to, tensors, tag)]);
          return first;
        },
      }),
    })),
  },
  {
    id: 'ring-receives-before-it-sends',
    title: 'every rank waits for keys before it sends its own',
    imitates: 'https://github.com/NVIDIA/nccl/issues/479',
    fault: faultyRanks('ring', ({ comm }) => ({
      comm: communicatorWith(comm, {
        isendrecv: async (to, tensors, from, tag) => {
          const received = await comm.irecv(from, tag);
          await comm.isend(to, tensors, tag);
          return received;
        },
      }),
    })),
  },
]);

async function turnsWhile(goesOn: () => boolean): Promise<void> {
  for (let turn = 0; turn < PATIENCE && goesOn(); turn++) await new Promise((resolve) => setImmediate(resolve));
}
