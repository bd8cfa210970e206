/**
 * What the oracle counts in a problem whose inputs were chosen for it: a row's scores are 0 for the keys that are on in its switch, and far below for all
 * others, so that its output is the mean of the values of the keys that are on, and its LSE the logarithm of their number.
 */
export interface Counts {
  /** Switches of a key, at most 16. */
  readonly switches: number;
  /** The switch of each row [b, hk·g, m]. */
  readonly ofRow: Uint8Array;
  /** The switches that each key [b, hk, n] is on in, as bits. */
  readonly on: Uint16Array;
  /** V [b, hk, n, e] in whole steps: sums of them are exact in f32. */
  readonly steps: Int8Array;
  readonly step: number;
  /** Score of a key that is off. */
  readonly offScore: number;
  /** The key head [b·hk] of each query head [b, hk·g]. */
  readonly keyHead: Int32Array;
}
