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
  /** True if everything that is claimed is drawn together. */
  readonly everything: boolean;
  readonly dims: DimVariants;
  readonly pool: SizePool;
  /** Budget of the cases of production sizes that are drawn among the others; undefined: none are. */
  readonly production: Budget | undefined;
  readonly masks: readonly MaskRule[];
  /** Weights with which the masks are drawn. */
  readonly maskWeights: readonly number[];
  /** Compositions of the case's mask from these. The first one replaces a composition that the implementation does not accept. */
  readonly compositions: readonly Composition[];
  readonly options: readonly OptionRule[];
  readonly distributions: DistributionRules;
  /** Changes that may be made between calls. */
  readonly changes: readonly ChangeRule[];
  /** Rules for packed documents, if they are drawn. */
  readonly packed: PackedRules | undefined;
  /** Rules for histories, if they are drawn. */
  readonly history: HistoryRules | undefined;
  /** Rules for the scheme's cases, if they are drawn for a scheme. */
  readonly parallel: ParallelRules | undefined;
  /** Tells whether a case with targets costs no more than a call may, where such cases are drawn. */
  readonly longFit: ((c: Case) => boolean) | undefined;
  /** Layouts to draw from, except the packed one: every claimed one if views are drawn, else the first. */
  readonly layouts: readonly Layout[];
  /** Dialect choices that differ from the default; undefined if none does. */
  readonly dialect: Dialect | undefined;
}

/** Axes that must have one size, and the sizes that all of them allow. */
export interface AxisGroup {
  readonly axes: readonly string[];
  /** Field of the flat case that has their size: that of the first one. */
  readonly field: string;
  readonly allowed: AllowedSizes;
}

/** How flat sizes become the sizes of a case. */
export interface DimRules {
  readonly groups: readonly AxisGroup[];
  /** Pairs of axes whose sizes must differ. */
  readonly unequal: readonly (readonly [string, string])[];
  /** Multiply-adds that one case may cost. */
  readonly work: number;
  /** Returns the elements that an operator with axes of its own computes, at most `COST` of a case. If absent, the scores alone decide. */
  readonly cost?: (dims: Dims) => number;
  /** Budget of production cases, where any are drawn. */
  readonly production?: Budget;
  /** Limits of the cases of floors, and the groups of their axes: axes of an operator's own have sizes there that are drawn nowhere else. */
  readonly floors: FloorLimits & { readonly groups: readonly AxisGroup[] };
}

/**
 * Sizes that a mask requires: m = n (square), and b = 1 (oneBatch) if no claimed shape of a dense mask varies over the batch. Packed
 * documents require b = 1, and have independent m and n.
 */
export interface MaskWishes {
  readonly square: boolean;
  readonly oneBatch: boolean;
  readonly packed?: boolean;
}

export interface DimVariants {
  /** True if m and n are drawn independently (cross), or e and d are (wide). */
  readonly cross: boolean;
  readonly wide: boolean;
  /** Axes of the operator's own that are drawn apart, each with a field of the flat case, `axis0`, `axis1`, … */
  readonly drawnAxes: readonly DrawnAxis[];
  /** Returns the rules for the sizes under a mask, or the reason why there are none. */
  rules(mask: MaskWishes): DimRules | Undrawable;
  /** Returns the sizes of a case, those that are computed from others and from its options included. @param dense as in `toDims`. */
  sizes(rules: DimRules, flat: Flat, options: Options, dense?: boolean): Dims;
}

/** Sizes that a check uses along axes whose sizes cost the implementation a compilation: at most four lengths and four head sizes. */
export interface SizePool {
  /** Numbers of queries and keys. The first is at most 4, and is the number of queries in a case with `long` keys. */
  readonly lengths: readonly number[];
  readonly long: number;
  readonly headSizes: readonly number[];
  /** Sizes of cases of production size: one length and one head size. */
  readonly production: { readonly length: number; readonly headSize: number };
}

/** Limits on the cost of one call of a production case. */
export interface Budget {
  /** Multiply-adds of the implementation: b·hk·g·m·n·(d + e), and as many more as each cell, and each query and key of a head, take beside. */
  readonly work: number;
  /** Elements of q, k, v, o and whatever is dense. */
  readonly elements: number;
  /** Multiply-adds of the oracle. */
  readonly judged: number;
  /** The oracle may be asked for some of the rows. */
  readonly sampled: boolean;
  /** Elements that the operator's program computes, where that is what a case costs: `work` limits them, in the place of multiply-adds. */
  readonly cost?: (dims: Dims) => number;
}

/** What the cases of floors may cost. */
export interface FloorLimits {
  /** @param share of what a case may cost; all of it by default. */
  fits(dims: Dims, dense: boolean, share?: number): boolean;
  /** By which some rows are judged; undefined: all of them. */
  readonly budget?: Budget;
}

/** A mask that may be drawn. */
export interface MaskRule {
  readonly name: string;
  readonly square: boolean;
  readonly parameters: readonly (readonly [name: string, parameter: MaskParameter])[];
  /** Integers that must divide n, because lengths that add up to n are multiples of them. */
  readonly divisors: ReadonlySet<string>;
  /** True if a table says of each pair of blocks whether it is seen: over long sequences there may be too many of them. */
  readonly pairsOfBlocks: boolean;
  readonly axes: number;
  /** Drawn seldom where any mask will do. */
  readonly rare: boolean;
  /** The implementation takes it by name. */
  readonly named: boolean;
  /** It comes with tables. */
  readonly tables: boolean;
}

/** A way to make one mask of up to three. */
export interface Composition {
  /** Places of the masks that it is made of. */
  readonly uses: readonly number[];
  /** It is one of the masks, as it is. */
  readonly alone?: boolean;
  /** Different heads have different masks. */
  readonly perHead?: boolean;
  build(part: (place: number) => Mask): Mask;
}

/** Option of an operator that may be drawn. */
export interface OptionRule {
  readonly name: string;
  /** Possible values, the simplest first. The flat case has 0 for an absent option, else the position in this list, counted from 1. */
  readonly values: readonly (number | true)[];
  /** Present in every case of the check. */
  readonly forced: boolean;
  /** Percentage of the cases that have the option. */
  readonly share: number;
}

/** Something that calls may differ in, and nothing else. */
export interface ChangeRule {
  readonly name: string;
  readonly kind: 'input' | 'optional' | 'mask' | 'cotangent' | 'option' | 'table';
  /** Values of an option. */
  readonly values: OptionRule['values'];
}

/** How packed documents are drawn. */
export interface PackedRules {
  /** Every case of the check is packed. */
  readonly forced: boolean;
  /** Masks that each document may have for itself. */
  readonly masks: readonly MaskRule[];
  readonly dims: DimRules;
  /** Every document has as many queries as keys. */
  readonly square: boolean;
}

/** Kind of cache: contiguous (page 0) or in pages of `page` slots, with the masks that a call on it may have. */
interface CacheRule {
  readonly page: number;
  readonly masks: readonly MaskRule[];
}

/** Rules for drawing histories. */
export interface HistoryRules {
  /** Every case of the check has a history. */
  readonly forced: boolean;
  /** Histories consist of appends to the same sequences only. */
  readonly appendsOnly: boolean;
  readonly caches: readonly CacheRule[];
  /** Rules for the sizes that a history does not fix: heads and head sizes. */
  readonly dims: DimRules;
}

/** How cases are drawn for a scheme. */
export interface ParallelRules {
  readonly scheme: Scheme;
  /** Queries lie with their tokens: m = n. */
  readonly tied: boolean;
  readonly ranks: readonly number[];
  readonly transport: Parallel['transport'];
}
