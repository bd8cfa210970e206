import type { Dialect, DialectAxis } from '../../../spec/dialect.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';

/** Element that tells values of an axis apart, with its result under the declared value. */
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
  readonly element?: TellingElement;
  readonly text: string;
  readonly fits: readonly string[];
}

/** Result for one axis. */
export interface Finding {
  readonly axis: DialectAxis;
  readonly status: 'inferred' | 'not-inferred' | 'not-asked';
  /** The inferred value, or all that fit equally; empty without one. */
  readonly values: readonly string[];
  readonly declared: string;
  readonly reason?: string;
  readonly evidence: readonly Evidence[];
}

/** Dialect of the axes that exactly one value fits. */
export function declarationOf(findings: readonly Finding[]): Dialect {
  return Object.fromEntries(findings.filter(({ values }) => values.length === 1).map(({ axis, values }) => [axis, values[0]]));
}

/** True if the behaviour is not the declared one, or fits no known value. */
export function deviates({ status, values, declared }: Finding): boolean {
  return status === 'not-inferred' || (status === 'inferred' && !values.includes(declared));
}

/** Outputs of a call, contiguous and bhld with the right shapes, or a reason. */
export type ProbeAnswer = { readonly outputs: Tensors } | { readonly refused: string };
