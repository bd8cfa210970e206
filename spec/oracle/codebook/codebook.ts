/** Classes of queries and keys, in a problem whose inputs were chosen for it: those of a class are the same vector. */
export interface Codebook {
  /** Classes of queries, and of keys, of a head. */
  readonly classes: number;
  /** The class of each row [b, hk·g, m], and of each key [b, hk, n]. */
  readonly ofRow: Uint8Array;
  readonly ofKey: Uint8Array;
  /** The key head [b·hk] of each query head [b, hk·g]. */
  readonly keyHead: Int32Array;
}
