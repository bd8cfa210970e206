import { DocumentError } from '../lib/documents.js';
import { type DType, type FloatFormat, floatFormats } from '../tensor/dtype.js';
import type { Numeric, NumericPerDType } from '../types/documents.js';

/** Format in which probabilities may be stored, whatever the storage: a cache in fp8 beside queries in bf16 may have them in fp8. */
type ProbabilityFormat = 'f16' | 'bf16' | 'f8e4m3' | 'f8e5m2';

/** Numeric profile of an implementation for one dtype, from which the error bounds are derived (NUMERICS.md). */
export interface NumericProfile {
  readonly storage: DType;
  /** Unit roundoff of storage. */
  readonly u: number;
  /**
   * Absolute error of a store near zero: half the smallest subnormal of storage, or of the accumulator if that is larger; the smallest
   * normal number instead if subnormals are flushed.
   */
  readonly w: number;
  readonly accumulate: DType;
  /** Unit roundoff of the accumulator. */
  readonly a: number;
  /** Smallest subnormal of the accumulator; its smallest normal number if subnormals are flushed. */
  readonly t: number;
  readonly scoresStored: boolean;
  readonly probabilitiesStored: boolean;
  /** Format of stored probabilities, if it is not that of storage. */
  readonly probabilities?: ProbabilityFormat;
  /** Probabilities are scaled before they are stored, so that the largest of a row is next to the largest number of their format. */
  readonly probabilitiesInRange?: true;
  readonly scoreGradientsStored: boolean;
  readonly tf32: boolean;
  /** Relative error of an approximate exponential. */
  readonly exp: number;
  /** Keys per online step. */
  readonly tile: number;
  readonly prescaledQ: boolean;
  readonly partialsStored: boolean;
  readonly flushToZero: boolean;
  /** Keys that enter the running sums of a row together. */
  readonly chain: number;
  /** Whether weights may be divided by their sum before they are multiplied with V, or the output is. */
  readonly divides: 'first' | 'last';
  /** Merge of results over parts of the keys by their LSEs, as the implementation does it; absent if it does none, or if unknown. */
  readonly merge?: Merge;
  /** Number of parts of the keys whose results, each stored, are merged into one; 1 for a single kernel. */
  readonly parts: number;
  /** Largest number of these parts that share a query and a key, each with its own roundings near zero. */
  readonly copies: number;
}

/** Merge into a running o and LSE, to which results over parts of the keys are added one after the other, in the accumulator. */
export interface Merge {
  /** Formula: `weighted` by exp(lseᵢ − LSE), or `difference`, out − σ(lseᵢ − lse)·(out − outᵢ), which suffers from cancellation. */
  readonly form: 'weighted' | 'difference';
  /** Largest number of results that are added; the row's number of tiles if absent. */
  readonly steps?: number;
}

function isPerDType(numeric: Numeric | NumericPerDType): numeric is NumericPerDType {
  const keys = Object.keys(numeric);
  return keys.length > 0 && keys.every((k) => k in floatFormats);
}

/** Half the smallest subnormal of a format; for float64 the smallest subnormal itself, since its half is not representable. */
export function halfSubnormal(f: FloatFormat): number {
  return f.smallestSubnormal / 2 || f.smallestSubnormal;
}

/**
 * Resolves the profile for a dtype: declared values, and defaults for the others (accumulate f64 for f64, else f32;
 * probabilities and score gradients in storage for f16 and bf16, in bf16 for fp8).
 * @throws {DocumentError} when `storage` names another dtype.
 */
export function resolveNumeric(dtype: DType, numeric: Numeric | NumericPerDType = {}, document = 'capabilities'): NumericProfile {
  const declared: Numeric = isPerDType(numeric) ? (numeric[dtype] ?? {}) : numeric;
  if (declared.storage !== undefined && declared.storage !== dtype) {
    throw new DocumentError(document, '$.numeric.storage', `found "${declared.storage}", but storage is the case's dtype: "${dtype}"`);
  }
  const accumulate = declared.accumulate ?? (dtype === 'f64' ? 'f64' : 'f32');
  const narrow = dtype !== 'f64' && dtype !== 'f32';
  const storage = floatFormats[dtype];
  const stored = (choice: Numeric['probabilities']) => (choice === undefined ? narrow : choice !== 'accumulate');
  const { probabilities } = declared;
  const format = probabilities === 'storage' || probabilities === 'accumulate' ? undefined : probabilities;
  const flush = declared.flushToZero ?? false;
  return {
    storage: dtype,
    u: storage.roundoff,
    w: Math.max(...[storage, floatFormats[accumulate]].map((f) => (flush ? f.smallestNormal : halfSubnormal(f)))),
    accumulate,
    a: floatFormats[accumulate].roundoff,
    t: flush ? floatFormats[accumulate].smallestNormal : floatFormats[accumulate].smallestSubnormal,
    scoresStored: declared.scores === 'storage',
    probabilitiesStored: stored(probabilities),
    ...(format && { probabilities: format }),
    scoreGradientsStored: stored(declared.scoreGradients),
    tf32: declared.products === 'tf32',
    exp: declared.exp ?? 0,
    tile: declared.tile ?? 16,
    prescaledQ: declared.prescaledQ ?? false,
    partialsStored: declared.partials === 'storage',
    flushToZero: flush,
    chain: declared.chain ?? 1,
    divides: declared.divides ?? 'first',
    ...(declared.merge && { merge: { form: declared.merge } }),
    parts: 1,
    copies: 1,
  };
}

/** Relative error of n roundings: γₙ = n·a/(1 − n·a) (Higham, Accuracy and Stability, 3.1), or infinite if n·a ≥ 1. */
export function gamma(n: number, a: number): number {
  const na = n * a;
  return na < 1 ? na / (1 - na) : Infinity;
}

/** Relative error of a sum over so many keys, of which each is rescaled so often: γ(chain + keys/chain + 3·rescaled + 8). */
export function chainError({ a, chain }: Pick<NumericProfile, 'a' | 'chain'>, keys: number, rescaled = 0): number {
  const together = Math.max(1, Math.min(chain, keys));
  return gamma(together + Math.ceil(keys / together) + 3 * rescaled + 8, a);
}

/**
 * Absolute error near zero of a value that is not stored: that of the accumulator, however narrow storage is. Where partial results are stored, it is that of
 * storage, since a sum may be one of them.
 */
export function lossNearZero({ t, w, partialsStored }: NumericProfile): number {
  return partialsStored ? w : Math.min(t, w);
}

/** A format in which an implementation stores what lies between its inputs and outputs: unit roundoff u, absolute error w, largest number. */
export interface Store {
  readonly dtype: DType;
  readonly u: number;
  readonly w: number;
  readonly max: number;
}

/** The store of outputs. */
export function outputStore({ storage, u, w }: NumericProfile): Store {
  return { dtype: storage, u, w, max: floatFormats[storage].max };
}

/** The store of score gradients, and of layers: that of storage, or of bf16 for fp8. */
export function narrowStore(p: NumericProfile): Store {
  if (isFp8(p.storage)) return storeIn('bf16', p.flushToZero);
  return outputStore(p);
}

/** The store of probabilities: that of their own format, where one is declared, else as that of score gradients. */
export function probabilityStore(p: NumericProfile): Store {
  if (p.probabilities === undefined) return narrowStore(p);
  const store = storeIn(p.probabilities, p.flushToZero);
  if (!p.probabilitiesInRange) return store;
  return { ...store, w: store.w / 2 ** Math.floor(Math.log2(store.max)) };
}

/** Returns the profile of an implementation that scales its probabilities into the range of an fp8 format before it stores them. */
export function withProbabilitiesInRange(p: NumericProfile): NumericProfile {
  return p.probabilities !== undefined && isFp8(p.probabilities) ? { ...p, probabilitiesInRange: true } : p;
}

function isFp8(format: DType): boolean {
  return format === 'f8e4m3' || format === 'f8e5m2';
}

function storeIn(dtype: DType, flushToZero: boolean): Store {
  const format = floatFormats[dtype];
  return { dtype, u: format.roundoff, w: flushToZero ? format.smallestNormal : halfSubnormal(format), max: format.max };
}
