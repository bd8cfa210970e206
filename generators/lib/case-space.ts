import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import type { DrawnAxis } from '../../spec/operator/axes.js';
import type { Case, Dialect, Dims, Layout, Mask, MaskParameter, Operator, Options, Parallel, Scheme } from '../../spec/types/documents.js';
import type { DistributionRules } from './distributions.js';
import type { Flat } from './flat.js';
import type { AllowedSizes } from './limits.js';
import type { DrawRequest } from './needs.js';
import type { Undrawable } from './undrawable.js';

/** Cases that may be drawn for a request under an implementation's claims. */
export interface CaseSpace {
  readonly request: DrawRequest;
  readonly operator: Operator;
  readonly capabilities: FullCapabilities;
  readonly everything: boolean;
  readonly dims: DimVariants;
  readonly pool: SizePool;
  readonly production: Budget | undefined;
  readonly masks: readonly MaskRule[];
  readonly maskWeights: readonly number[];
  /** Compositions of the masks. The first replaces a composition that is not accepted. */
  readonly compositions: readonly Composition[];
  readonly options: readonly OptionRule[];
  readonly distributions: DistributionRules;
  readonly changes: readonly ChangeRule[];
  readonly packed: PackedRules | undefined;
  readonly history: HistoryRules | undefined;
  readonly parallel: ParallelRules | undefined;
  /** True if a case with targets is affordable; undefined if the check draws no targets. */
  readonly longFit: ((c: Case) => boolean) | undefined;
  /** Layouts to draw from, without thd: every claimed one if views are drawn, else the first. */
  readonly layouts: readonly Layout[];
  /** Dialect choices that differ from the default; undefined if all are default. */
  readonly dialect: Dialect | undefined;
}

/** Axes that must have one size, and their common allowed sizes. */
export interface AxisGroup {
  readonly axes: readonly string[];
  readonly field: string;
  readonly allowed: AllowedSizes;
}

/** Rules from flat sizes to the sizes of a case. */
export interface DimRules {
  readonly groups: readonly AxisGroup[];
  readonly unequal: readonly (readonly [string, string])[];
  readonly work: number;
  /** Elements that an operator with further axes computes. If absent, the scores decide. */
  readonly cost?: (dims: Dims) => number;
  readonly production?: Budget;
  /** Limits of floor cases, with the wider axis groups that apply there. */
  readonly floors: FloorLimits & { readonly groups: readonly AxisGroup[] };
}

/** Sizes that a mask requires: m = n, or b = 1; packed documents: b = 1, and free m and n. */
export interface MaskWishes {
  readonly square: boolean;
  readonly oneBatch: boolean;
  readonly packed?: boolean;
}

export interface DimVariants {
  /** True if m and n (cross), or e and d (wide), are drawn independently. */
  readonly cross: boolean;
  readonly wide: boolean;
  /** Further axes of the operator, with the flat fields `axis0`, `axis1`, … */
  readonly drawnAxes: readonly DrawnAxis[];
  /** Returns the rules for the sizes under a mask, or the reason why no size fits. */
  rules(mask: MaskWishes): DimRules | Undrawable;
  /** Sizes of a case, including computed axes. @param dense as in `toDims`. */
  sizes(rules: DimRules, flat: Flat, options: Options, dense?: boolean): Dims;
}

/** Sizes of a check along axes that cost a compilation: few lengths and head sizes. */
export interface SizePool {
  /** Numbers of queries and keys. The first is at most 4, and is m in a case with `long` keys. */
  readonly lengths: readonly number[];
  readonly long: number;
  readonly headSizes: readonly number[];
  readonly production: { readonly length: number; readonly headSize: number };
}

/** Limits on the cost of one call of a production case. */
export interface Budget {
  /** Multiply-adds: b·hk·g·m·n·(d + e), plus a cost per cell, query and key of a head. */
  readonly work: number;
  /** Elements of q, k, v, o and of dense tensors. */
  readonly elements: number;
  /** Multiply-adds of the oracle. */
  readonly judged: number;
  readonly sampled: boolean;
  /** Elements that the program computes; `work` limits them instead of multiply-adds. */
  readonly cost?: (dims: Dims) => number;
}

/** Cost limits of floor cases. */
export interface FloorLimits {
  /** @param share share of the limit, 1 by default. */
  fits(dims: Dims, dense: boolean, share?: number): boolean;
  /** Budget that decides how many rows are judged; undefined for all rows. */
  readonly budget?: Budget;
}

/** Mask that may be drawn. */
export interface MaskRule {
  readonly name: string;
  readonly square: boolean;
  readonly parameters: readonly (readonly [name: string, parameter: MaskParameter])[];
  /** Parameters that must divide n, because lengths that add up to n are multiples of them. */
  readonly divisors: ReadonlySet<string>;
  /** True if a table has an entry per pair of blocks: long sequences may have too many. */
  readonly pairsOfBlocks: boolean;
  readonly axes: number;
  readonly rare: boolean;
  /** True if the implementation takes the mask by name. */
  readonly named: boolean;
  readonly tables: boolean;
}

/** Way to make one mask of up to three. */
export interface Composition {
  readonly uses: readonly number[];
  readonly alone?: boolean;
  readonly perHead?: boolean;
  build(part: (place: number) => Mask): Mask;
}

/** Option of an operator that may be drawn. */
export interface OptionRule {
  readonly name: string;
  /** Values, simplest first. The flat case has 0 for an absent option, else index + 1. */
  readonly values: readonly (number | true)[];
  /** True if every case of the check has the option. */
  readonly forced: boolean;
  /** Percentage of the cases that have the option. */
  readonly share: number;
}

/** Single difference between calls. */
export interface ChangeRule {
  readonly name: string;
  readonly kind: 'input' | 'optional' | 'mask' | 'cotangent' | 'option' | 'table';
  readonly values: OptionRule['values'];
}

/** Rules for drawing packed documents. */
export interface PackedRules {
  /** True if every case of the check is packed. */
  readonly forced: boolean;
  readonly masks: readonly MaskRule[];
  readonly dims: DimRules;
  readonly square: boolean;
}

/** Kind of cache, contiguous (page 0) or in pages of `page` slots, with its masks. */
interface CacheRule {
  readonly page: number;
  readonly masks: readonly MaskRule[];
}

/** Rules for drawing histories. */
export interface HistoryRules {
  /** True if every case of the check has a history. */
  readonly forced: boolean;
  /** True if histories only append, to the same sequences. */
  readonly appendsOnly: boolean;
  readonly caches: readonly CacheRule[];
  /** Rules for heads and head sizes, which a history does not fix. */
  readonly dims: DimRules;
}

/** Rules for drawing cases for a scheme. */
export interface ParallelRules {
  readonly scheme: Scheme;
  /** True if queries are sharded with their tokens: m = n. */
  readonly tied: boolean;
  readonly ranks: readonly number[];
  readonly transport: Parallel['transport'];
}
