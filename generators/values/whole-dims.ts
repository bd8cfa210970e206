/** Sizes of the whole problem, of which a case may be a block. */
export interface WholeDims {
  readonly b: number;
  readonly heads: number;
  readonly hk: number;
  readonly m: number;
  readonly n: number;
  readonly d: number;
  readonly e: number;
}
