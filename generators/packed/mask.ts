import { compileMask } from '../../spec/mask/compile/compile.js';
import type { CompiledMask, Segment } from '../../spec/mask/compile/compiled-mask.js';
import { maskDialect } from '../../spec/mask/mask-dialect.js';
import { queryOffset } from '../../spec/mask/query-offset.js';
import { raggedMask } from '../../spec/mask/views/ragged.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import { tensor } from '../../spec/tensor/tensor.js';
import type { Case, Packed } from '../../spec/types/documents.js';

/** Segment with the case's mask, for queries and keys of a batch entry. */
export function segmentOf(
  library: SpecLibrary,
  c: Case,
  b: number,
  queries: readonly [number, number],
  keys: readonly [number, number],
): Segment {
  const [m, n] = [queries[1] - queries[0], keys[1] - keys[0]];
  const mask = compileMask(library, c.mask, { b: 1, heads: c.dims.hk * c.dims.g, m, n, ...maskDialect(c) });
  return { b, queries, keys, mask, offset: queryOffset(c.dialect?.causal, m, n) };
}

/** Mask of packed documents, with tables cu_q and cu_k: I32 [documents + 1]. */
export function packedMask(library: SpecLibrary, c: Case, packed: Packed): CompiledMask {
  const [queries, keys] = [ends(packed.q), ends(packed.k)];
  const segments = packed.q.map((_, x) => segmentOf(library, c, 0, [queries[x], queries[x + 1]], [keys[x], keys[x + 1]]));
  const mask = raggedMask({ b: 1, heads: c.dims.hk * c.dims.g, m: c.dims.m, n: c.dims.n }, segments);
  return { ...mask, tables: { cu_q: tensor('i32', [queries.length], queries), cu_k: tensor('i32', [keys.length], keys) } };
}

function ends(lengths: readonly number[]): Int32Array {
  const all = new Int32Array(lengths.length + 1);
  for (const [x, length] of lengths.entries()) all[x + 1] = all[x] + length;
  return all;
}
