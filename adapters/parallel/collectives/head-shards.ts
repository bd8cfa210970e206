import { type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Dims } from '../../../spec/types/documents.js';
import type { HeadRange } from '../blocks/local-attention.js';
import type { Communicator } from '../communicator.js';
import { addInto } from './all-reduce.js';
import { join, slice } from './slices.js';

/**
 * Returns the query heads of a member of a group that shares out the heads, and how many key heads
 * they read. If the group is larger than the number of key heads, neighbours read replicas of the
 * same one.
 */
export function headsOfMember({ hk, g }: Dims, size: number, member: number): HeadRange {
  const keyHeads = Math.max(1, hk / size);
  const group = (hk * g) / size / keyHeads;
  return { first: member * keyHeads * group, keyHeads, group };
}

/** Tensors by the heads that they have: query heads, [b, hq, rows, …], and key heads, [b, hk, rows, …]. */
export interface ByHeads {
  readonly queries: readonly Tensor[];
  readonly keys: readonly Tensor[];
}

/**
 * All-to-all from rows to heads: a member gives all heads of its rows and gets its heads of all
 * rows, in the order of members.
 */
export async function rowsToHeads(group: Communicator, dims: Dims, { queries, keys }: ByHeads): Promise<ByHeads> {
  const parts = Array.from({ length: group.size }, (_, member) => {
    const { first, keyHeads, group: each } = headsOfMember(dims, group.size, member);
    const firstKey = Math.floor(first / dims.g);
    return [...queries.map((t) => slice(t, 1, first, keyHeads * each)), ...keys.map((t) => slice(t, 1, firstKey, keyHeads))];
  });
  const received = await group.allToAll(parts);
  const joined = received[0].map((_, x) =>
    join(
      received.map((tensors) => tensors[x]),
      2,
    ),
  );
  return { queries: joined.slice(0, queries.length), keys: joined.slice(queries.length) };
}

/**
 * All-to-all from heads to rows, the inverse of `rowsToHeads`. Tensors with query heads are joined;
 * in tensors with key heads, the parts of members that share a head are summed, in the order of
 * members.
 * @param rows number of rows of each member.
 */
export async function headsToRows(group: Communicator, dims: Dims, { queries, keys }: ByHeads, rows: readonly number[]): Promise<ByHeads> {
  let first = 0;
  const parts = rows.map((count) => {
    const part = [...queries, ...keys].map((t) => slice(t, 2, first, count));
    first += count;
    return part;
  });
  const received = await group.allToAll(parts);
  const ofAll = (x: number) => received.map((tensors) => tensors[x]);
  return {
    queries: queries.map((_, x) => join(ofAll(x), 1)),
    keys: keys.map((_, x) => sumOfReplicas(ofAll(queries.length + x), dims)),
  };
}

/**
 * Joins the members' key heads [b, keyHeads, rows, width] to all heads [b, hk, rows, width];
 * replicas are summed.
 */
export function sumOfReplicas(parts: readonly Tensor[], { hk }: Dims): Tensor {
  const replicas = Math.max(1, parts.length / hk);
  const heads = Array.from({ length: parts.length / replicas }, (_, head) => {
    const [first, ...others] = parts.slice(head * replicas, (head + 1) * replicas);
    if (others.length === 0) return first;
    const sum = Float64Array.from(valuesOf(first));
    for (const other of others) addInto(sum, valuesOf(other));
    return tensorOf('f64', first.shape, sum);
  });
  return join(heads, 1);
}
