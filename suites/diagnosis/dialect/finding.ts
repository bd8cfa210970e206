import type { Dialect, DialectAxis } from '../../../spec/dialect.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';

/** Element that tells values of an axis apart, with the result that the declared value would give there. */
export interface TellingElement {
  readonly output: string;
  readonly index: readonly number[];
  readonly expected: number;
  readonly actual: number;
}

/** Evidence about an axis from one output of one call, or from the call's refusal. */
export interface Evidence {
  /** Index of the call in the plan. */
  readonly call: number;
  /** Absent if the kernel did not answer. */
  readonly element?: TellingElement;
  /** Text about the case, the observed element and the result that each value would have given. */
  readonly text: string;
  /** Values of the axis that fit. */
  readonly fits: readonly string[];
}

/** Finding about one axis from all calls. */
export interface Finding {
  readonly axis: DialectAxis;
  readonly status: 'inferred' | 'not-inferred' | 'not-asked';
  /** The inferred value, or several that the outputs of this kernel do not tell apart; empty if none is inferred. */
  readonly values: readonly string[];
  /** Value by which the kernel is judged: the declared one, else the default. */
  readonly declared: string;
  /** Reason why no value is inferred, or the axis is not asked. */
  readonly reason?: string;
  readonly evidence: readonly Evidence[];
}

/** Dialect that declares the observed behaviour: the value of every axis that exactly one value fits. */
export function declarationOf(findings: readonly Finding[]): Dialect {
  return Object.fromEntries(findings.filter(({ values }) => values.length === 1).map(({ axis, values }) => [axis, values[0]]));
}

/** Tells whether the behaviour is not the declared one, or fits no known value. */
export function deviates({ status, values, declared }: Finding): boolean {
  return status === 'not-inferred' || (status === 'inferred' && !values.includes(declared));
}

/** Outputs of a call, contiguous, in layout bhld, of the right shapes and dtypes; or the reason why there are none. */
export type ProbeAnswer = { readonly outputs: Tensors } | { readonly refused: string };
