import { type FullCapabilities, gradientsOf } from '../../../spec/claims/capabilities.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import { nearestNames } from '../../../spec/lib/nearest.js';
import {
  axesOf,
  codeOf,
  differentiableInputs,
  flatAxesOf,
  hasOutput,
  inputsOf,
  layoutForm,
  ownAxes,
  storedType,
} from '../../../spec/operator/facts.js';
import { inAxisOrder, type LayoutForm, shapeInLayout } from '../../../spec/operator/layout.js';
import { storedAs } from '../../../spec/operator/stored-as.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { type CodeFormat, codesOf } from '../../../spec/tensor/code-format.js';
import type { DType, TensorDType } from '../../../spec/tensor/dtype.js';
import type { Tensor } from '../../../spec/tensor/tensor.js';
import type { Capabilities, Case, Operator } from '../../../spec/types/documents.js';

/** Operator documents by name; undefined stands for the built-in ones. */
export type KnownOperators = ReadonlyMap<string, Operator> | undefined;

/** Returns the claimed operators that have documents, with their inputs' types as claimed. */
export function claimedOperators(
  { operators, mixedStorage, stored }: Pick<Capabilities, 'operators' | 'mixedStorage' | 'stored'>,
  known: KnownOperators,
): Operator[] {
  const of = (name: string) => known?.get(name) ?? operatorDocuments.find((operator) => operator.name === name);
  return operators.flatMap((name) => of(name) ?? []).map((operator) => storedAs(operator, { mixedStorage, stored }));
}

/** Names of tensors of several operators, without duplicates. */
export interface TensorNames {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly cotangents: readonly string[];
  /** Gradients, `d` and the name of an input. */
  readonly gradients: readonly string[];
}

export function tensorNames(operators: readonly Operator[]): TensorNames {
  const names = (of: (operator: Operator) => readonly string[]) => [...new Set(operators.flatMap(of))];
  return {
    inputs: names((operator) => Object.keys(inputsOf(operator))),
    outputs: names(({ outputs }) => Object.keys(outputs)),
    cotangents: names(({ outputs }) => Object.keys(outputs).map((output) => `d${output}`)),
    gradients: names((operator) => differentiableInputs(operator).map((name) => `d${name}`)),
  };
}

/** Returns the axes that the operators name themselves, without duplicates. */
export function namedAxes(operators: readonly Operator[]): string[] {
  return [...new Set(operators.flatMap((operator) => ownAxes(operator)))];
}

/** Returns the names of claimed gradients of all operators, `dq` and so on. */
export function claimedGradients(capabilities: FullCapabilities, operators: readonly Operator[]): string[] {
  if (operators.length === 0) return capabilities.gradients.filter((name) => name !== 'dlse').map((name) => `d${name}`);
  return [...new Set(operators.flatMap((operator) => gradientsOf(capabilities, operator).map((name) => `d${name}`)))];
}

/** @throws {DocumentError} at the first claimed gradient or output that no document has. */
export function checkClaimedNames(capabilities: Capabilities, operators: readonly Operator[], document: string): void {
  // an operator without a document may have any name
  if (operators.length < capabilities.operators.length) return;
  const { outputs, cotangents, gradients } = tensorNames(operators);
  const lists = {
    outputs: [capabilities.outputs ?? [], [...outputs, 'o', 'lse']],
    gradients: [
      Array.isArray(capabilities.gradients) ? capabilities.gradients : [],
      [...gradients.map((name) => name.slice(1)), ...cotangents, ...usualGradients],
    ],
  } as const;
  for (const [key, [claimed, known]] of Object.entries(lists)) {
    const names = new Set<string>(known);
    const at = claimed.findIndex((name) => !names.has(name));
    if (at >= 0)
      throw new DocumentError(
        document,
        `$.capabilities.${key}[${at}]`,
        `found "${claimed[at]}", which is not a tensor of ${capabilities.operators.join(' and ')}; ${nearestNames(claimed[at], names)}`,
      );
  }
}

/** Gradients that a manifest may always claim. */
const usualGradients = ['q', 'k', 'v', 'sink', 'bias', 'alibi', 'dlse'];

/** Returns the dtype that a document gives a tensor, if any. */
export function declaredDType(operator: Operator | undefined, name: string, dtype: DType): TensorDType | undefined {
  if (!operator) return undefined;
  const codes = codeOf(operator, name);
  if (codes) return codesOf(codes).dtype;
  if (hasOutput(operator, name)) return undefined;
  const inputs = inputsOf(operator);
  const input = Object.hasOwn(inputs, name) ? inputs[name] : inputs[name.slice(1)];
  if (!input || (input !== inputs[name] && !name.startsWith('d'))) return undefined;
  if (input.kind === 'boolean') return 'bool';
  if (input.kind === 'index') return 'i32';
  if (input.kind === 'code') return codesOf(input.format as CodeFormat).dtype;
  return input.stored === undefined ? undefined : storedType(input, dtype);
}

/** Tensors with token axes that documents do not describe. */
const tokens = ['q', 'k', 'v', 'k_new', 'v_new', 'o', 'do', 'dq', 'dk', 'dv'];

function formOf(operator: Operator | undefined, name: string): LayoutForm {
  const axes = operator && axesOf(operator, name);
  if (axes) return layoutForm(flatAxesOf(axes));
  if (tokens.includes(name)) return 'tokens';
  return name === 'lse' || name === 'dlse' ? 'rows' : 'fixed';
}

/** Shape, strides and offset of a tensor of a call. */
export type Shaped = Pick<Tensor, 'shape' | 'strides' | 'offset'>;

/** Returns a view of a tensor with its axes in document order, which is that of layout bhld. */
export function inDocumentOrder<T extends Shaped>(operator: Operator | undefined, name: string, t: T, { layout }: Pick<Case, 'layout'>): T {
  return inAxisOrder(formOf(operator, name), t, layout);
}

/** Returns the shape of a forward output in a case's layout; undefined for unknown outputs. */
export function outputShape(operator: Operator | undefined, name: string, c: Case): readonly number[] | undefined {
  const usual: Readonly<Record<string, readonly string[]>> = { o: ['b', 'hk', 'g', 'm', 'e'], lse: ['b', 'hk', 'g', 'm'] };
  const axes = operator?.outputs[name] ?? usual[name];
  return axes && shapeInLayout(axes, c);
}
