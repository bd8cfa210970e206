import type { Communicator } from '../communicator.js';
import type { Ring } from './rings.js';

/** A ring of some ranks of a communicator, in this order, without a message to set it up. The rank is one of them. */
export function ringOver(comm: Communicator, ranks: readonly number[]): Ring {
  return {
    rank: ranks.indexOf(comm.rank),
    size: ranks.length,
    isend: (to, tensors, tag) => comm.isend(ranks[to], tensors, tag),
    irecv: (from, tag) => comm.irecv(ranks[from], tag),
    isendrecv: (to, tensors, from, tag) => comm.isendrecv(ranks[to], tensors, ranks[from], tag),
  };
}
