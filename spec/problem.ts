import type { FullDialect } from './dialect.js';
import type { CompiledMask } from './mask/compile/compiled-mask.js';
import type { NumericProfile } from './numeric/profile.js';
import { sizeOf } from './tensor/tensor.js';
import type { Float64Tensor } from './tensor/tensor-rows.js';
import type { Case, Operator } from './types/documents.js';

/**
 * Problem for the oracle: a case, its inputs as stored (decoded to float64, in layout bhld whatever the case's layout), its mask, and
 * the dialect and numeric profile of the kernel.
 * Inputs: q [b, hk·g, m, d], k [b, hk, n, d], v [b, hk, n, e], bias [b|1, hk·g|1, m|1, n], alibi and sink [hk·g],
 * do [b, hk·g, m, e], dlse [b, hk·g, m].
 */
export interface Problem {
  readonly case: Case;
  readonly operator: Operator;
  readonly inputs: Readonly<Record<string, Float64Tensor>>;
  readonly mask: CompiledMask;
  readonly dialect: FullDialect;
  readonly numeric: NumericProfile;
  /** 1 for each row [b, hk·g, m] that is judged. When absent, every row is judged. */
  readonly rows?: Uint8Array;
  /** The keys of each row that weigh, if the inputs were chosen so that few do. When absent, every visible key counts. */
  readonly focus?: Focus;
  /** Counts of a forward pass, if the inputs were chosen so that weights are 1 or next to nothing. */
  readonly counts?: Counts;
  /** Classes of queries and keys, if the inputs were drawn from a few vectors. */
  readonly codebook?: Codebook;
}

/** Exact values with their error bounds, before rounding to the output's dtype. An element with an infinite bound is undecided. */
export interface Expected {
  readonly shape: readonly number[];
  readonly value: Float64Array;
  readonly bound: Float64Array;
  /**
   * Computes the bounds of an implementation that follows the second form of the operator, whose order of computation loses other digits. An
   * element beyond its bound is held to this one, and undecided where it is infinite; whether a number overflows is not for the second form to say.
   */
  readonly second?: () => Float64Array;
  /** Says why elements are undecided, once for each cause. */
  readonly because?: () => readonly string[];
  /** Error from which the second form's bounds do not count. If absent, they count for errors of any size. */
  readonly secondBelow?: number;
}

/** Factor of the products of queries and keys: the case's, or the usual one. */
export function scaleOf(problem: Pick<Problem, 'case' | 'dialect'>): number {
  const { scale } = problem.case.options;
  return typeof scale === 'number' ? scale : usualScale(problem);
}

/** Factor of the products of queries and keys where a case gives none: 1/√d, or by the dialect 1. */
export function usualScale({ case: { dims }, dialect }: Pick<Problem, 'case' | 'dialect'>): number {
  return dialect.defaultScale === '1' ? 1 : 1 / Math.sqrt(dims.d);
}

/** An output that depends on no input: exact zeros. */
export function zeros(shape: readonly number[]): Expected {
  const size = sizeOf(shape);
  return { shape, value: new Float64Array(size), bound: new Float64Array(size) };
}

export interface Expectation {
  /** Outputs o [b, hk·g, m, e] and lse [b, hk·g, m], or gradients dq, dk, dv, dsink, dbias, dalibi in the shapes of their inputs. */
  readonly outputs: Readonly<Record<string, Expected>>;
  /** 1 for each row [b, hk·g, m] that sees no key and has no sink; 0 for rows that were not evaluated. */
  readonly empty: Uint8Array;
  /** 1 for each judged row of a forward pass; the others may not have been evaluated. When absent, every row is judged. */
  readonly rows?: Uint8Array;
}

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

/**
 * The keys of each row that weigh, in a problem whose inputs were chosen for it: those of one block, and of the blocks that share its word. All others
 * together weigh next to nothing, so that the oracle leaves them out, and adds to the bounds what that may do.
 */
export interface Focus {
  /** Keys of a block. */
  readonly width: number;
  /** Blocks this far from each other share a word: a row that has one of them as its target has all of them. */
  readonly period: number;
  /** Most keys that weigh in a row. */
  readonly most: number;
  /** Target of each row [b, hk·g, m]; negative for a row that sees no key. */
  readonly block: Int32Array;
  /** Kind of each row's query, less than `kinds`. What a row of one kind leaves to a block is the same for all distances between block and target. */
  readonly kind: Uint8Array;
  readonly kinds: number;
  /** Logarithm of what the other keys of each row weigh at most, Σ exp(score). */
  readonly others: Float64Array;
}
