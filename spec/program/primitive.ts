import type { NumericProfile } from '../numeric/profile.js';
import type { CodeFormat, DType, Term } from '../types/documents.js';
import type { Form, ProgramTensor, Sizes, SoftmaxAnalysis } from './tensor.js';

export interface TensorType {
  readonly kind: 'number' | 'boolean' | 'code';
  readonly axes: readonly string[];
  /** Format of the codes. */
  readonly format?: CodeFormat;
  /** True if a byte holds two codes. */
  readonly packed?: boolean;
}

/** Fault of a term, to be reported with the position of the term in its document. */
export class TermError extends Error {
  override readonly name = 'TermError';
}

/**
 * Parameter of a primitive: the operand required at one place. `any` is a number or a boolean; `axes` stands for one or more axes and
 * comes last; `expression` is a condition over the indices along those axes.
 */
export interface Parameter {
  readonly name: string;
  readonly kind: 'number' | 'boolean' | 'code' | 'any' | 'scalar' | 'expression' | 'axis' | 'axes';
  /** Role of the operand in the numeric profile, which says whether the operand is stored before it is used. */
  readonly stored?: StoredAs;
}

/** Role of a stored value in the numeric profile. Every implementation stores the values between layers (`layer`), and their gradients. */
export type StoredAs = 'scores' | 'probabilities' | 'scoreGradients' | 'layer';

/** Kind of an attribute: a tensor by name (absent when that optional tensor is), one of a list of words, or a boolean flag. */
export type AttributeRule =
  | { readonly kind: 'number' | 'boolean' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'flag' };

/** Application of a primitive to types, without values. */
export interface Signature {
  readonly operands: Readonly<Record<string, TensorType>>;
  readonly scalars: Readonly<Record<string, number>>;
  readonly axes: readonly string[];
  /** Choices and flags by name; an expression by its parameter's name, as JSON text with its numbers inserted. */
  readonly attributes: Readonly<Record<string, string | boolean>>;
  readonly sizes: Sizes;
}

export interface EvaluationContext {
  readonly sizes: Sizes;
  /** Offset from a query's index to its position among the keys. */
  readonly offset: number;
  readonly profile: NumericProfile;
  /** Also bounds the probabilities of a backward pass, which recomputes them from the LSE. */
  readonly gradients: boolean;
  /** Type to which the value of every primitive is rounded, as an implementation would; it has no bounds. When absent, values are exact and bounded. */
  readonly rounding?: DType;
  /** Receives why elements have no finite bound, once for each cause. */
  readonly causes?: Set<string>;
}

/** Application of a primitive to values. `out` is the type of the result. */
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

/** One operation of the tensor-program language, with its rules for type, value, error bound and gradient. */
export interface Primitive {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly attributes?: Readonly<Record<string, AttributeRule>>;
  /** Why elements of the result may have no finite bound although those of the operands have. If absent, the rule of the bound does not say. */
  readonly open?: string;
  /** Type of the result. @throws {TermError} */
  shape(signature: Signature): TensorType;
  /** Computes the result in float64, and marks the elements that are structural zeros. */
  value(application: Application): Evaluated;
  /** Analyses a softmax, or a copy of one, for a contraction over its own axis; `bound` receives the result. */
  analysis?(application: Application, result: Evaluated): SoftmaxAnalysis | undefined;
  /** How the elements of the result are made, where an implementation may make them in another order. */
  form?(application: Application): Form;
  /** Error bound of each element of the result (NUMERICS, by primitive). Returns undefined if the result is exact. */
  bound(application: Application, result: Evaluated, analysis?: SoftmaxAnalysis): Float64Array | undefined;
  /** Term that those of the gradient name `mean`, over `out` and `dout`: what a backward pass may take from an output that it reads. */
  mean?(signature: Signature): Term;
  /** Least magnitude of each element whose bound is infinite (`ProgramTensor.least`). Returns undefined if none is known. */
  least?(application: Application, result: Evaluated): Float64Array | undefined;
  /**
   * Returns a term for the cotangent of each operand, over the operands' names, `out` and `dout`. The caller sums over axes that the
   * operand lacks and repeats along axes that the term lacks. Operands without an entry have no gradient.
   */
  gradient(signature: Signature): Readonly<Record<string, Term>>;
}
