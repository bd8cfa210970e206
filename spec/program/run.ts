import type { NumericProfile } from '../numeric/profile.js';
import type { Operator } from '../types/documents.js';
import { buildProgram } from './build.js';
import { differentiate } from './differentiate.js';
import { evaluateGraph } from './evaluate.js';
import type { Graph, Node } from './graph.js';
import { arrange, elements, maskAxes, type ProgramTensor, type Sizes, shapeOf } from './tensor.js';

export type { ProgramTensor } from './tensor.js';

/** What a program is run on. */
export interface ProgramInputs {
  readonly sizes: Sizes;
  /** By name. A tensor may lack axes that its input is declared with, and have them in another order. */
  readonly tensors: Readonly<Record<string, ProgramTensor>>;
  /** Absent: the default. null: not there. Also emptyOutput and emptyLse, by the dialect. */
  readonly options: Readonly<Record<string, number | string | null>>;
  /** What `position` adds to the index. */
  readonly offset: number;
  /** 1 where a query sees a key, over [b, hk, g, m, n]; absent: everywhere. */
  readonly mask?: Uint8Array;
  readonly profile: NumericProfile;
  /** The probabilities' bounds also cover a backward pass that recomputes them from the LSE. */
  readonly gradients: boolean;
}

/**
 * The named outputs: exact values, error bounds, structural zeros.
 * @throws {DocumentError} where the program is faulty, or does not fit the inputs.
 */
export function evaluateProgram(operator: Operator, inputs: ProgramInputs): Record<string, ProgramTensor> {
  const { graph, outputs } = build(operator, inputs);
  const values = evaluateGraph(graph, outputs.values(), tensorsOf(inputs), inputs);
  return Object.fromEntries([...outputs].map(([name, node]) => [name, values.get(node) as ProgramTensor]));
}

/**
 * Gradients of Σ outputs · cotangents by every input that is there, shaped as the input, with error bounds.
 * Rows that see no key have none, whatever their output.
 * @param cotangents by output; absent: zero.
 * @throws {DocumentError} where the program is faulty, or does not fit the inputs.
 */
export function evaluateGradients(
  operator: Operator,
  inputs: ProgramInputs,
  cotangents: Readonly<Record<string, ProgramTensor>>,
): Record<string, ProgramTensor> {
  const built = build(operator, { ...inputs, options: { ...inputs.options, emptyOutput: 'zero' } });
  const { graph, outputs } = built;
  const seeds = new Map<Node, Node>();
  const tensors = tensorsOf(inputs);
  for (const [name, cotangent] of Object.entries(cotangents)) {
    const output = outputs.get(name);
    if (!output) continue;
    // a name that no input can have
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
  return { axes, shape: shapeOf(axes, sizes), value: new Float64Array(elements(axes, sizes)) };
}

function build(operator: Operator, { sizes, tensors, options, mask }: ProgramInputs) {
  const axes = Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, t.axes]));
  return buildProgram(operator, { sizes, tensors: axes, options, ...(mask && { mask: maskAxes }) });
}

/** Tensors that a program is run on by name, the mask among them. */
export function tensorsOf({ tensors, mask, sizes, profile }: Omit<ProgramInputs, 'gradients'>): Record<string, ProgramTensor> {
  const all: Record<string, ProgramTensor> = { ...tensors };
  if (profile.prescaledQ && all.q) all.q = { ...all.q, prescaled: true };
  if (mask) all.mask = { axes: maskAxes, shape: shapeOf(maskAxes, sizes), value: Float64Array.from(mask) };
  return all;
}
