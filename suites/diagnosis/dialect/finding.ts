import type { Dialect, DialectAxis } from '../../../spec/dialect.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';

/** An element that tells, and what the declared value would give there. */
export interface TellingElement {
  readonly output: string;
  readonly index: readonly number[];
  readonly expected: number;
  readonly actual: number;
}

/** What one output of one call, or the call's refusal, says of an axis. */
export interface Evidence {
  /** Place of the call in the plan. */
  readonly call: number;
  /** Absent where the kernel did not answer. */
  readonly element?: TellingElement;
  /** The case, what was seen, and what each value would have given. */
  readonly text: string;
  /** The values that fit. */
  readonly fits: readonly string[];
}

/** What the calls came to for one axis. */
export interface Finding {
  readonly axis: DialectAxis;
  readonly status: 'inferred' | 'not-inferred' | 'not-asked';
  /** Where inferred: the value, or several that the outputs of this kernel do not tell apart. */
  readonly values: readonly string[];
  /** By which it is judged: as declared, else the default. */
  readonly declared: string;
  /** Why it is not inferred, or not asked. */
  readonly reason?: string;
  readonly evidence: readonly Evidence[];
}

/** The values that declare what was seen: of every axis that one value fits alone. */
export function declarationOf(findings: readonly Finding[]): Dialect {
  return Object.fromEntries(findings.filter(({ values }) => values.length === 1).map(({ axis, values }) => [axis, values[0]]));
}

/** Behaviour that is not what is declared, or that fits no known value. */
export function deviates({ status, values, declared }: Finding): boolean {
  return status === 'not-inferred' || (status === 'inferred' && !values.includes(declared));
}

/** A call's outputs, contiguous, layout bhld, of the right shapes and dtypes; or why there are none. */
export type Answer = { readonly outputs: Tensors } | { readonly refused: string };
