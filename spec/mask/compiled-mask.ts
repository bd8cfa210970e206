import type { Tensors } from '../tensor/tensor.js';

/** The sizes a mask is compiled for, and the dialect's part in it. */
export interface MaskProblem {
  readonly b: number;
  /** Query heads: hk·g. */
  readonly heads: number;
  readonly m: number;
  readonly n: number;
  readonly causal: 'bottom-right' | 'top-left';
  readonly window: 'inclusive' | 'exclusive';
}

/** A mask for given sizes: which keys each query sees. */
export interface CompiledMask {
  readonly b: number;
  readonly heads: number;
  readonly m: number;
  readonly n: number;
  /** The mask differs between batch entries, or between heads. */
  readonly perBatch: boolean;
  readonly perHead: boolean;
  /** Query i sees key j. */
  visible(b: number, h: number, i: number, j: number): boolean;
  /**
   * The keys that query i sees, as sorted, disjoint, non-adjacent, non-empty runs [start, end): written to `out` as start, end, start, end, …
   * @param out at least n + 2 long.
   * @returns how many runs.
   */
  runs(b: number, h: number, i: number, out: Int32Array): number;
  /** Visible cells over all batch entries and query heads, exactly. */
  area(): number;
  /** Tables that travel with the mask: document I32 [b, n], lengths I32 [b], blocks BOOL [b or 1, heads or 1, query blocks, key blocks], blockEdges I32. */
  readonly tables: Tensors;
  /** Of a mask made of segments: the one that a row belongs to. */
  segmentOf?(b: number, i: number): Segment | undefined;
}

/** Rows that attend to keys of their own: a document of packed sequences, or one sequence among others of different lengths. */
export interface Segment {
  readonly b: number;
  /** Rows [start, end). */
  readonly queries: readonly [number, number];
  /** Keys [start, end); none where both are equal. */
  readonly keys: readonly [number, number];
  /** For one batch entry of end − start queries and keys. */
  readonly mask: CompiledMask;
  /** What is added to a query's index among the segment's queries to place it among the segment's keys. */
  readonly offset: number;
}
