import type { NumericProfile } from '../numeric/profile.js';
import type { Term } from '../types/documents.js';
import type { ProgramTensor, Sizes, SoftmaxAnalysis } from './tensor.js';

export interface TensorType {
  readonly kind: 'number' | 'boolean';
  readonly axes: readonly string[];
}

/** A fault of a term, to be reported with the place of the term in its document. */
export class TermError extends Error {
  override readonly name = 'TermError';
}

/** What an operand in a given place must be. `axes`: one axis or more, in the last place. `expression`: a condition over indices along them. */
export interface Parameter {
  readonly name: string;
  readonly kind: 'number' | 'boolean' | 'scalar' | 'expression' | 'axis' | 'axes';
  /** What the operand is to the numeric profile, which says whether it is stored before it is used. */
  readonly stored?: StoredAs;
}

/** What a stored value is to the numeric profile; what one layer hands to the next is stored by every implementation, and so is its gradient. */
export type StoredAs = 'scores' | 'probabilities' | 'scoreGradients' | 'layer';

/** What an attribute may be: a tensor by name (absent where an optional tensor is), a choice of words, or true and false. */
export type AttributeRule =
  | { readonly kind: 'number' | 'boolean' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'flag' };

/** An application of a primitive, before there are values. */
export interface Signature {
  readonly operands: Readonly<Record<string, TensorType>>;
  readonly scalars: Readonly<Record<string, number>>;
  readonly axes: readonly string[];
  /** Choices and flags; an expression under its parameter's name, as JSON text with its numbers put in. */
  readonly attributes: Readonly<Record<string, string | boolean>>;
  readonly sizes: Sizes;
}

export interface EvaluationContext {
  readonly sizes: Sizes;
  /** What is added to a query's index to give its position among the keys. */
  readonly offset: number;
  readonly profile: NumericProfile;
  /** Probabilities are also used by a backward pass, which recomputes them from the LSE. */
  readonly gradients: boolean;
}

/** An application of a primitive to values. `out` is its type. */
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

/** One operation of the tensor-program language, with its four rules. */
export interface Primitive {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly attributes?: Readonly<Record<string, AttributeRule>>;
  /** Type of the result. @throws {TermError} */
  shape(signature: Signature): TensorType;
  /** The exact result, as far as float64 gives it, and which elements are structural zeros. */
  value(application: Application): Evaluated;
  /** For contractions over a softmax's own axis; `bound` receives it. */
  analysis?(application: Application, result: Evaluated): SoftmaxAnalysis;
  /** Error bound of each element of the result (NUMERICS, by primitive); undefined: exact. */
  bound(application: Application, result: Evaluated, analysis?: SoftmaxAnalysis): Float64Array | undefined;
  /** Least sizes of the elements whose bound is infinite (`ProgramTensor.least`); absent: nothing is known. */
  least?(application: Application, result: Evaluated): Float64Array | undefined;
  /**
   * By operand, a term for its cotangent over the operands' names, `out` and `dout`. Axes that the operand lacks are summed away, and those
   * that the term lacks are filled in, by the caller. Operands without an entry have no gradient.
   */
  gradient(signature: Signature): Readonly<Record<string, Term>>;
}
