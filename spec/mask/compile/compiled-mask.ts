import type { Tensors } from '../../tensor/tensor.js';

/** Sizes of a mask, and its conventions. */
export interface MaskProblem {
  readonly b: number;
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
  /** True if the mask may differ between batch entries, or between heads. */
  readonly perBatch: boolean;
  readonly perHead: boolean;
  visible(b: number, h: number, i: number, j: number): boolean;
  /**
   * Writes the visible keys of query i as sorted, disjoint, non-adjacent, non-empty runs [start,
   * end) and returns their number.
   * @param out at least n + 2 long.
   */
  runs(b: number, h: number, i: number, out: Int32Array): number;
  /** True if runs are found by trying every key; absent if unknown. */
  scans?(): boolean;
  /** Number of visible cells over all batch entries and query heads. */
  area(): number;
  /**
   * Tables for the kernel: document I32 [b, n], lengths I32 [b], blocks BOOL [b or 1, heads or 1,
   * query blocks, key blocks], blockEdges I32.
   */
  readonly tables: Tensors;
  /** Segment of a row, if any; only for masks that consist of segments. */
  segmentOf?(b: number, i: number): Segment | undefined;
}

/** Rows that attend to their own keys only: a packed document, or a sequence of a batch. */
export interface Segment {
  readonly b: number;
  readonly queries: readonly [number, number];
  readonly keys: readonly [number, number];
  readonly mask: CompiledMask;
  /** Position of the segment's query 0 among its keys. */
  readonly offset: number;
}
