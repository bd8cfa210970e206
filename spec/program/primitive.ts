import type { NumericProfile } from '../numeric/profile.js';
import type { CodeFormat, DType, Term } from '../types/documents.js';
import type { Form, ProgramTensor, Sizes, SoftmaxAnalysis } from './tensor.js';

export interface TensorType {
  readonly kind: 'number' | 'boolean' | 'code';
  readonly axes: readonly string[];
  readonly format?: CodeFormat;
  /** True for two codes per byte. */
  readonly packed?: boolean;
}

/** Fault of a term, to be reported with its path. */
export class TermError extends Error {
  override readonly name = 'TermError';
}

/** `any`: number or boolean; `axes`: one or more, last; `expression`: condition over indices. */
export interface Parameter {
  readonly name: string;
  readonly kind: 'number' | 'boolean' | 'code' | 'any' | 'scalar' | 'expression' | 'axis' | 'axes';
  /** Role in the numeric profile, which decides if the operand is stored first. */
  readonly stored?: StoredAs;
}

/** Role of a stored value in the numeric profile; kernels always store `layer` values. */
export type StoredAs = 'scores' | 'probabilities' | 'scoreGradients' | 'layer';

/** Kind of an attribute: an optional tensor by name, one of a list of words, or a flag. */
export type AttributeRule =
  | { readonly kind: 'number' | 'boolean' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'flag' };

/** Application of a primitive to types, without values. */
export interface Signature {
  readonly operands: Readonly<Record<string, TensorType>>;
  readonly scalars: Readonly<Record<string, number>>;
  readonly axes: readonly string[];
  /** Choices, flags, and expressions as JSON by parameter name. */
  readonly attributes: Readonly<Record<string, string | boolean>>;
  readonly sizes: Sizes;
}

export interface EvaluationContext {
  readonly sizes: Sizes;
  /** Position of query 0 among the keys. */
  readonly offset: number;
  readonly profile: NumericProfile;
  /** Also bounds probabilities that a backward pass recomputes from the LSE. */
  readonly gradients: boolean;
  /** Type that every primitive's value is rounded to, without bounds; absent for exact values. */
  readonly rounding?: DType;
  readonly causes?: Set<string>;
}

/** Application of a primitive to values; `out` is the result's type. */
export interface Application extends EvaluationContext {
  readonly operands: Readonly<Record<string, ProgramTensor>>;
  readonly scalars: Readonly<Record<string, number>>;
  readonly axes: readonly string[];
  readonly attributes: Readonly<Record<string, string | boolean>>;
  readonly out: TensorType;
}

export interface Evaluated {
  readonly value: Float64Array;
  readonly zero?: Uint8Array;
}

/** Operation of tensor programs: rules for its type, value, error bound and gradient. */
export interface Primitive {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly attributes?: Readonly<Record<string, AttributeRule>>;
  /** Reason for infinite bounds from finite ones. */
  readonly open?: string;
  shape(signature: Signature): TensorType;
  /** Result in float64, and its structural zeros. */
  value(application: Application): Evaluated;
  /** Analysis of a softmax, or its copy, for a contraction over its axis; passed to `bound`. */
  analysis?(application: Application, result: Evaluated): SoftmaxAnalysis | undefined;
  /** Structure of the result's elements, if an implementation may reorder their computation. */
  form?(application: Application): Form;
  /** Error bound of each element (NUMERICS, by primitive); undefined if exact. */
  bound(application: Application, result: Evaluated, analysis?: SoftmaxAnalysis): Float64Array | undefined;
  /** Term for the name `mean` in gradient terms: Δ may come from a stored output. */
  mean?(signature: Signature): Term;
  /** Least magnitude of elements with an infinite bound (`ProgramTensor.least`). */
  least?(application: Application, result: Evaluated): Float64Array | undefined;
  /** Terms for the operands' cotangents; the caller sums or repeats them to the operands' axes. */
  gradient(signature: Signature): Readonly<Record<string, Term>>;
}
