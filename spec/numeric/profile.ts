import { DocumentError } from '../documents.js';
import { type DType, type FloatFormat, floatFormats } from '../tensor/dtype.js';
import type { Numeric, NumericPerDType } from '../types/documents.js';

/** How an implementation computes, resolved for one dtype: what the error bounds are derived from (NUMERICS.md). */
export interface NumericProfile {
  readonly storage: DType;
  /** Unit roundoff of storage. */
  readonly u: number;
  /**
   * Absolute error of a store near zero: half the smallest subnormal of storage, or of an accumulator that has fewer exponents; the smallest normal
   * where subnormals are flushed.
   */
  readonly w: number;
  readonly accumulate: DType;
  /** Unit roundoff of the accumulator. */
  readonly a: number;
  /** Smallest subnormal of the accumulator. */
  readonly t: number;
  readonly scoresStored: boolean;
  readonly probabilitiesStored: boolean;
  readonly scoreGradientsStored: boolean;
  readonly tf32: boolean;
  /** Relative error of an approximate exponential. */
  readonly exp: number;
  /** Keys per online step. */
  readonly tile: number;
  readonly prescaledQ: boolean;
  readonly partialsStored: boolean;
  readonly flushToZero: boolean;
  /** How the implementation itself merges results over parts of the keys by their LSEs; none where it does not, or where that is not known. */
  readonly merge?: Merge;
  /** Results over as many parts of the keys, each stored, are merged into one; 1 for a single kernel. */
  readonly parts: number;
  /** Of these parts so many at most have the same query and key, each with roundings near zero of its own. */
  readonly copies: number;
}

/** A running o and LSE to which results over parts of the keys are added one after the other, in the accumulator. */
export interface Merge {
  /** By weights exp(lseᵢ − LSE), or as out − σ(lseᵢ − lse)·(out − outᵢ), whose difference cancels. */
  readonly form: 'weighted' | 'difference';
  /** How many are added at most; as many as the row has tiles where absent. */
  readonly steps?: number;
}

function isPerDType(numeric: Numeric | NumericPerDType): numeric is NumericPerDType {
  const keys = Object.keys(numeric);
  return keys.length > 0 && keys.every((k) => k in floatFormats);
}

/** Half the smallest subnormal; float64 cannot hold half of its own. */
export function halfSubnormal(f: FloatFormat): number {
  return f.smallestSubnormal / 2 || f.smallestSubnormal;
}

/**
 * The profile for a dtype: what is declared, and the presets for the rest (accumulate f64 for f64, else f32;
 * probabilities and score gradients in storage for f16 and bf16, in bf16 for fp8).
 * @throws {DocumentError} where `storage` names another dtype.
 */
export function resolveNumeric(dtype: DType, numeric: Numeric | NumericPerDType = {}, document = 'capabilities'): NumericProfile {
  const declared: Numeric = isPerDType(numeric) ? (numeric[dtype] ?? {}) : numeric;
  if (declared.storage !== undefined && declared.storage !== dtype) {
    throw new DocumentError(document, '$.numeric.storage', `found "${declared.storage}", but storage is the case's dtype: "${dtype}"`);
  }
  const accumulate = declared.accumulate ?? (dtype === 'f64' ? 'f64' : 'f32');
  const narrow = dtype !== 'f64' && dtype !== 'f32';
  const storage = floatFormats[dtype];
  const stored = (choice: 'storage' | 'accumulate' | undefined) => (choice === undefined ? narrow : choice === 'storage');
  const flush = declared.flushToZero ?? false;
  return {
    storage: dtype,
    u: storage.roundoff,
    w: Math.max(...[storage, floatFormats[accumulate]].map((f) => (flush ? f.smallestNormal : halfSubnormal(f)))),
    accumulate,
    a: floatFormats[accumulate].roundoff,
    t: flush ? floatFormats[accumulate].smallestNormal : floatFormats[accumulate].smallestSubnormal,
    scoresStored: declared.scores === 'storage',
    probabilitiesStored: stored(declared.probabilities),
    scoreGradientsStored: stored(declared.scoreGradients),
    tf32: declared.products === 'tf32',
    exp: declared.exp ?? 0,
    tile: declared.tile ?? 16,
    prescaledQ: declared.prescaledQ ?? false,
    partialsStored: declared.partials === 'storage',
    flushToZero: flush,
    ...(declared.merge && { merge: { form: declared.merge } }),
    parts: 1,
    copies: 1,
  };
}

/** γₙ = n·a/(1 − n·a): the relative error of n roundings (Higham, Accuracy and Stability, 3.1); infinite where n·a ≥ 1. */
export function gamma(n: number, a: number): number {
  const na = n * a;
  return na < 1 ? na / (1 - na) : Infinity;
}

/** Unit roundoff and absolute error to which stored probabilities and score gradients are rounded: storage, bf16 for fp8. */
export function narrowStore(p: NumericProfile): { u: number; w: number } {
  if (p.storage !== 'f8e4m3' && p.storage !== 'f8e5m2') return { u: p.u, w: p.w };
  const bf16 = floatFormats.bf16;
  return { u: bf16.roundoff, w: p.flushToZero ? bf16.smallestNormal : halfSubnormal(bf16) };
}
