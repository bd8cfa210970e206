import { type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Dims } from '../../../spec/types/documents.js';
import type { HeadRange } from '../blocks/local-attention.js';
import type { Communicator } from '../communicator.js';
import { addInto } from './all-reduce.js';
import { join, slice } from './slices.js';

/** Returns a member's query heads and number of key heads, replicated in groups above hk. */
export function headsOfMember({ hk, g }: Dims, size: number, member: number): HeadRange {
  const keyHeads = Math.max(1, hk / size);
  const group = (hk * g) / size / keyHeads;
  return { first: member * keyHeads * group, keyHeads, group };
}

/** Tensors with query heads, [b, hq, rows, …], and with key heads, [b, hk, rows, …]. */
export interface ByHeads {
  readonly queries: readonly Tensor[];
  readonly keys: readonly Tensor[];
}

/** All-to-all from rows to heads: each member gets its heads of all rows, in member order. */
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

/** Inverse of `rowsToHeads`, with `rows` by member; sums replicated key heads in member order. */
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

/** Joins key heads [b, keyHeads, rows, width] to [b, hk, rows, width], summing replicas. */
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
