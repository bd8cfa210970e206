import { DocumentError } from '../lib/documents.js';
import { type DType, type FloatFormat, floatFormats } from '../tensor/dtype.js';
import type { Numeric, NumericPerDType } from '../types/documents.js';

/** Format of stored probabilities; a cache in fp8 may come with queries in bf16. */
type ProbabilityFormat = 'f16' | 'bf16' | 'f8e4m3' | 'f8e5m2';

/** Numeric profile of an implementation for one dtype, for the error bounds (NUMERICS.md). */
export interface NumericProfile {
  readonly storage: DType;
  readonly u: number;
  /**
   * Error of a store near zero: half the smallest subnormal of storage or accumulator, whichever is
   * larger; the smallest normal number if flushed.
   */
  readonly w: number;
  readonly accumulate: DType;
  readonly a: number;
  /** Smallest subnormal of the accumulator, or smallest normal number if flushed. */
  readonly t: number;
  readonly scoresStored: boolean;
  readonly probabilitiesStored: boolean;
  /** Format of stored probabilities, if not that of storage. */
  readonly probabilities?: ProbabilityFormat;
  /** True if probabilities are scaled to the range of their format before the store. */
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
  /** Order of normalisation: weights before the product with V, or the output. */
  readonly divides: 'first' | 'last';
  /** Merge of results over parts of the keys; absent if unknown or without a merge. */
  readonly merge?: Merge;
  /** Number of parts of the keys with stored results that are merged; 1 for a single kernel. */
  readonly parts: number;
  /** Most parts that share a query and a key, each with roundings near zero. */
  readonly copies: number;
}

/** Merge of results over parts, one by one, into a running o and LSE in the accumulator. */
export interface Merge {
  /** `weighted` by exp(lseᵢ − LSE), or `difference`: out − σ(lseᵢ − lse)·(out − outᵢ). */
  readonly form: 'weighted' | 'difference';
  /** Most results that are merged; absent for the row's number of tiles. */
  readonly steps?: number;
}

function isPerDType(numeric: Numeric | NumericPerDType): numeric is NumericPerDType {
  const keys = Object.keys(numeric);
  return keys.length > 0 && keys.every((k) => k in floatFormats);
}

/** Half the smallest subnormal, or for float64 the smallest subnormal itself. */
export function halfSubnormal(f: FloatFormat): number {
  return f.smallestSubnormal / 2 || f.smallestSubnormal;
}

/**
 * Resolves the profile of a dtype. Defaults: accumulate f32, or f64 for f64; probabilities and
 * score gradients in storage for f16 and bf16, in bf16 for fp8.
 * @throws {DocumentError} if `storage` names another dtype.
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

/** Relative error of n roundings: γₙ = n·a/(1 − n·a) (Higham, Accuracy and Stability, 3.1). */
export function gamma(n: number, a: number): number {
  const na = n * a;
  return na < 1 ? na / (1 - na) : Infinity;
}

/** Relative error of a sum over keys with rescalings: γ(chain + keys/chain + 3·rescaled + 8). */
export function chainError({ a, chain }: Pick<NumericProfile, 'a' | 'chain'>, keys: number, rescaled = 0): number {
  return gamma(additionsOf(chain, keys) + 3 * rescaled + 8, a);
}

/** Most additions that an addend of a sum over keys takes part in, with chains of some keys. */
export function additionsOf(chain: number, keys: number): number {
  const together = Math.max(1, Math.min(chain, keys));
  return together === 1 ? keys + 1 : together + Math.ceil(keys / together);
}

/** Error near zero of an unstored value: the accumulator's, or storage's if partials are stored. */
export function lossNearZero({ t, w, partialsStored }: NumericProfile): number {
  return partialsStored ? w : Math.min(t, w);
}

/** Format of stored intermediates: unit roundoff u, absolute error w, largest number. */
export interface Store {
  readonly dtype: DType;
  readonly u: number;
  readonly w: number;
  readonly max: number;
}

/** Store of outputs. */
export function outputStore({ storage, u, w }: NumericProfile): Store {
  return { dtype: storage, u, w, max: floatFormats[storage].max };
}

/** Store of score gradients and layers: storage, or bf16 for fp8. */
export function narrowStore(p: NumericProfile): Store {
  if (isFp8(p.storage)) return storeIn('bf16', p.flushToZero);
  return outputStore(p);
}

/** Store of probabilities: their declared format, or the store of score gradients. */
export function probabilityStore(p: NumericProfile): Store {
  if (p.probabilities === undefined) return narrowStore(p);
  const store = storeIn(p.probabilities, p.flushToZero);
  if (!p.probabilitiesInRange) return store;
  return { ...store, w: store.w / 2 ** Math.floor(Math.log2(store.max)) };
}

/** Profile of a kernel that scales its probabilities into the range of fp8. */
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
