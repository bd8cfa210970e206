import type { Tensors } from '../../tensor/tensor.js';

/** Sizes for which a mask is compiled, and the dialect's conventions for masks. */
export interface MaskProblem {
  readonly b: number;
  /** Number of query heads: hk·g. */
  readonly heads: number;
  readonly m: number;
  readonly n: number;
  readonly causal: 'bottom-right' | 'top-left';
  readonly window: 'inclusive' | 'exclusive';
}

/** Mask for given sizes: the keys that each query sees. */
export interface CompiledMask {
  readonly b: number;
  readonly heads: number;
  readonly m: number;
  readonly n: number;
  /** True if the mask may differ between batch entries (perBatch) or between heads (perHead). */
  readonly perBatch: boolean;
  readonly perHead: boolean;
  /** Tells whether query i sees key j. */
  visible(b: number, h: number, i: number, j: number): boolean;
  /**
   * Writes the keys that query i sees to `out`, as sorted, disjoint, non-adjacent, non-empty runs [start, end): start, end, start, end, …
   * @param out receives the runs; at least n + 2 long.
   * @returns the number of runs.
   */
  runs(b: number, h: number, i: number, out: Int32Array): number;
  /** True if finding the runs of a row takes time for every key; absent where nobody knows. */
  scans?(): boolean;
  /** Exact number of visible cells over all batch entries and query heads. */
  area(): number;
  /**
   * Tables that are passed to the kernel with the mask: document I32 [b, n], lengths I32 [b], blocks BOOL [b or 1, heads or 1, query
   * blocks, key blocks], blockEdges I32.
   */
  readonly tables: Tensors;
  /** Returns the segment that a row belongs to, or undefined if none. Present only for masks that consist of segments. */
  segmentOf?(b: number, i: number): Segment | undefined;
}

/** Rows that attend to their own keys only: a document of packed sequences, or one of several sequences of different lengths. */
export interface Segment {
  readonly b: number;
  /** Range [start, end) of rows. */
  readonly queries: readonly [number, number];
  /** Range [start, end) of keys; empty if both are equal. */
  readonly keys: readonly [number, number];
  /** Mask of the segment: one batch entry, with the segment's queries and keys. */
  readonly mask: CompiledMask;
  /** Offset from a query's index in the segment to its position among the segment's keys. */
  readonly offset: number;
}
