import type { Operator } from '../types/documents.js';
import { type BuiltProgram, buildProgram } from './build.js';
import { differentiate } from './differentiate.js';
import { evaluateGraph } from './evaluate.js';
import type { Graph, Node } from './graph.js';
import type { EvaluationContext } from './primitive.js';
import { arrange, elements, maskAxes, type ProgramTensor } from './tensor.js';

export type { ProgramTensor } from './tensor.js';

/** Sizes, tensors, options, mask and numeric profile for a program. */
export interface ProgramInputs extends EvaluationContext {
  /** Tensors by name; declared axes may be missing or in another order. */
  readonly tensors: Readonly<Record<string, ProgramTensor>>;
  /** Option values, emptyOutput and emptyLse: absent is the default, null is no value. */
  readonly options: Readonly<Record<string, number | string | null>>;
  /** Mask [b, hk, g, m, n]: 1 if a query sees a key; absent if all see all. */
  readonly mask?: Uint8Array;
}

/** Evaluates the outputs with bounds. @throws {DocumentError} for a program or input fault. */
export function evaluateProgram(operator: Operator, inputs: ProgramInputs): Record<string, ProgramTensor> {
  const { graph, outputs } = buildFor(operator, inputs);
  const values = evaluateGraph(graph, outputs.values(), tensorsOf(inputs), inputs);
  return Object.fromEntries([...outputs].map(([name, node]) => [name, values.get(node) as ProgramTensor]));
}

/** Gradients of Σ outputs · cotangents; empty rows contribute zero. @throws {DocumentError} */
export function evaluateGradients(
  operator: Operator,
  inputs: ProgramInputs,
  cotangents: Readonly<Record<string, ProgramTensor>>,
): Record<string, ProgramTensor> {
  const built = buildFor(operator, { ...inputs, options: { ...inputs.options, emptyOutput: 'zero' } });
  const { graph, outputs } = built;
  const seeds = new Map<Node, Node>();
  const tensors = tensorsOf(inputs);
  for (const [name, cotangent] of Object.entries(cotangents)) {
    const output = outputs.get(name);
    if (!output) continue;
    tensors[`cotangent of ${name}`] = cotangent;
    seeds.set(output, graph.input(`cotangent of ${name}`, { kind: 'number', axes: cotangent.axes }));
  }
  const gradients = differentiate(graph, seeds, [...built.inputs.values()]);
  const values = evaluateGraph(graph, gradients.values(), tensors, { ...inputs, gradients: true });
  return Object.fromEntries([...built.inputs].map(([name, node]) => [name, gradientOf(node, gradients, values, graph)]));
}

function gradientOf(
  input: Node,
  gradients: ReadonlyMap<Node, Node>,
  values: ReadonlyMap<Node, ProgramTensor>,
  { sizes }: Graph,
): ProgramTensor {
  const { axes } = input.type;
  const gradient = gradients.get(input);
  if (gradient) return arrange(values.get(gradient) as ProgramTensor, axes, sizes);
  return { axes, value: new Float64Array(elements(axes, sizes)) };
}

/** Builds a program's graph for inputs. @throws {DocumentError} for a program or input fault. */
export function buildFor(
  operator: Operator,
  { sizes, tensors, options, mask }: Pick<ProgramInputs, 'sizes' | 'tensors' | 'options' | 'mask'>,
): BuiltProgram {
  const axes = Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, t.axes]));
  return buildProgram(operator, { sizes, tensors: axes, options, ...(mask && { mask: maskAxes }) });
}

/** Input tensors of a program, including the mask. */
export function tensorsOf({ tensors, mask, profile }: Omit<ProgramInputs, 'gradients'>): Record<string, ProgramTensor> {
  const all: Record<string, ProgramTensor> = { ...tensors };
  if (profile.prescaledQ && all.q) all.q = { ...all.q, prescaled: true };
  if (mask) all.mask = { axes: maskAxes, value: new Float64Array(mask) };
  return all;
}
