import type { FullDialect } from './dialect.js';
import type { CompiledMask } from './mask/compile/compiled-mask.js';
import type { NumericProfile } from './numeric/profile.js';
import { sizeOf } from './tensor/tensor.js';
import type { Float64Tensor } from './tensor/tensor-rows.js';
import type { Case, Operator } from './types/documents.js';

/**
 * Problem for the oracle. Inputs are decoded to float64 in layout bhld: q [b, hk·g, m, d], k [b,
 * hk, n, d], v [b, hk, n, e], bias [b|1, hk·g|1, m|1, n], alibi and sink [hk·g], do [b, hk·g, m,
 * e], dlse [b, hk·g, m].
 */
export interface Problem {
  readonly case: Case;
  readonly operator: Operator;
  readonly inputs: Readonly<Record<string, Float64Tensor>>;
  readonly mask: CompiledMask;
  readonly dialect: FullDialect;
  readonly numeric: NumericProfile;
  /** 1 for each judged row [b, hk·g, m]; absent if every row is judged. */
  readonly rows?: Uint8Array;
  /** Keys that carry each row's weight; absent if every visible key does. */
  readonly focus?: Focus;
  /** Set if the inputs make all weights 1 or almost 0. */
  readonly counts?: Counts;
  /** Set if queries and keys are drawn from a few vectors. */
  readonly codebook?: Codebook;
}

/** Exact values and error bounds before rounding. An infinite bound leaves an element undecided. */
export interface Expected {
  readonly shape: readonly number[];
  readonly value: Float64Array;
  readonly bound: Float64Array;
  /** Bounds of the second form, which rounds differently: an element may meet either bound. */
  readonly second?: () => Float64Array;
  /** Reasons of undecided elements, one for each cause. */
  readonly because?: () => readonly string[];
  /** Error above which the second form's bounds do not count; absent for no limit. */
  readonly secondBelow?: number;
}

/** Softmax scale of a case, or the default one. */
export function scaleOf(problem: Pick<Problem, 'case' | 'dialect'>): number {
  const { scale } = problem.case.options;
  return typeof scale === 'number' ? scale : usualScale(problem);
}

/** Softmax scale of a case without one: 1/√d, or 1 by the dialect. */
export function usualScale({ case: { dims }, dialect }: Pick<Problem, 'case' | 'dialect'>): number {
  return dialect.defaultScale === '1' ? 1 : 1 / Math.sqrt(dims.d);
}

/** Output that depends on no input: exact zeros. */
export function zeros(shape: readonly number[]): Expected {
  const size = sizeOf(shape);
  return { shape, value: new Float64Array(size), bound: new Float64Array(size) };
}

export interface Expectation {
  /** o [b, hk·g, m, e] and lse [b, hk·g, m], or gradients in the shapes of their inputs. */
  readonly outputs: Readonly<Record<string, Expected>>;
  /** 1 for each evaluated row [b, hk·g, m] without a visible key or a sink. */
  readonly empty: Uint8Array;
  /** 1 for each judged row of a forward pass; absent if every row is judged. */
  readonly rows?: Uint8Array;
}

/**
 * Inputs for exact counting: a row's scores are 0 for its switch's keys, very negative otherwise.
 * So o is the mean of the switched-on values, and lse the logarithm of their count.
 */
export interface Counts {
  /** Number of switches, at most 16. */
  readonly switches: number;
  /** Switch of each row [b, hk·g, m]. */
  readonly ofRow: Uint8Array;
  /** Bit set of the switches that turn on each key [b, hk, n]. */
  readonly on: Uint16Array;
  /** V [b, hk, n, e] in whole steps, so that sums are exact in f32. */
  readonly steps: Int8Array;
  readonly step: number;
  readonly offScore: number;
  /** Key head [b·hk] of each query head [b, hk·g]. */
  readonly keyHead: Int32Array;
}

/** Inputs drawn from few vectors: all queries or keys of a class are equal. */
export interface Codebook {
  readonly classes: number;
  /** Class of each row [b, hk·g, m], and of each key [b, hk, n]. */
  readonly ofRow: Uint8Array;
  readonly ofKey: Uint8Array;
  /** Key head [b·hk] of each query head [b, hk·g]. */
  readonly keyHead: Int32Array;
}

/**
 * Inputs where a row's weight lies on one block, and on blocks that share its word. The oracle
 * skips all other keys and adds their possible effect to the bounds.
 */
export interface Focus {
  readonly width: number;
  /** Distance of blocks that share a word. */
  readonly period: number;
  /** Most keys that carry weight in a row. */
  readonly most: number;
  /** Target block of each row [b, hk·g, m]; negative for a row without visible keys. */
  readonly block: Int32Array;
  /** Kind of each row's query, below `kinds`. */
  readonly kind: Uint8Array;
  readonly kinds: number;
  /** Logarithm of a bound on Σ exp(score) over the other keys of each row. */
  readonly others: Float64Array;
}
