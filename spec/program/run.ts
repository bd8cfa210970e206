import type { Operator } from '../types/documents.js';
import { type Binding, type BuiltProgram, buildProgram } from './build.js';
import { differentiate } from './differentiate.js';
import { evaluateGraph } from './evaluate.js';
import type { Node } from './graph.js';
import { keptProgram } from './kept-programs.js';
import type { EvaluationContext } from './primitive.js';
import { arrange, elements, maskAxes, type ProgramTensor, type Sizes } from './tensor.js';

export type { ProgramTensor } from './tensor.js';

/** Inputs of a run of a program: sizes, tensors, options, mask and numeric profile. */
export interface ProgramInputs extends EvaluationContext {
  /** Tensors by name. A tensor may lack declared axes of its input, and have them in another order. */
  readonly tensors: Readonly<Record<string, ProgramTensor>>;
  /** Option values by name: absent means the default, null means no value. Includes the dialect's emptyOutput and emptyLse. */
  readonly options: Readonly<Record<string, number | string | null>>;
  /** Mask [b, hk, g, m, n]: 1 where a query sees a key. When absent, every query sees every key. */
  readonly mask?: Uint8Array;
}

/**
 * Evaluates the named outputs: values, error bounds and structural zeros.
 * @throws {DocumentError} when the program is faulty or does not fit the inputs.
 */
export function evaluateProgram(operator: Operator, inputs: ProgramInputs): Record<string, ProgramTensor> {
  const { graph, outputs } = buildFor(operator, inputs);
  const values = evaluateGraph(graph, outputs.values(), tensorsOf(inputs), inputs);
  return Object.fromEntries([...outputs].map(([name, node]) => [name, values.get(node) as ProgramTensor]));
}

/**
 * Gradients of Σ outputs · cotangents with respect to every present input, in the shape of the input, with error bounds.
 * Rows that see no key contribute nothing, whatever their output.
 * @param cotangents cotangents by output; an absent one is zero.
 * @throws {DocumentError} when the program is faulty or does not fit the inputs.
 */
export function evaluateGradients(
  operator: Operator,
  inputs: ProgramInputs,
  cotangents: Readonly<Record<string, ProgramTensor>>,
): Record<string, ProgramTensor> {
  const binding = bindingOf({ ...inputs, options: { ...inputs.options, emptyOutput: 'zero' } });
  const given = Object.entries(cotangents);
  const purpose = `gradients of ${given.map(([name, { axes }]) => `${name}:${axes.join()}`)}`;
  const {
    graph,
    gradients,
    inputs: nodes,
  } = keptProgram(operator, binding, purpose, (own) => withGradients(buildProgram(operator, own), given));
  const tensors = tensorsOf(inputs);
  for (const [name, cotangent] of given) tensors[cotangentOf(name)] = cotangent;
  const values = evaluateGraph(graph, gradients.values(), tensors, { ...inputs, gradients: true });
  return Object.fromEntries([...nodes].map(([name, node]) => [name, gradientOf(node, gradients, values, inputs.sizes)]));
}

/** A name that no input can have. */
function cotangentOf(output: string): string {
  return `cotangent of ${output}`;
}

function withGradients(
  built: BuiltProgram,
  cotangents: readonly [string, ProgramTensor][],
): BuiltProgram & { readonly gradients: ReadonlyMap<Node, Node> } {
  const { graph, outputs, inputs } = built;
  const seeds = new Map<Node, Node>();
  for (const [name, { axes }] of cotangents) {
    const output = outputs.get(name);
    if (output) seeds.set(output, graph.input(cotangentOf(name), { kind: 'number', axes }));
  }
  return { ...built, gradients: differentiate(graph, seeds, [...inputs.values()]) };
}

function gradientOf(
  input: Node,
  gradients: ReadonlyMap<Node, Node>,
  values: ReadonlyMap<Node, ProgramTensor>,
  sizes: Sizes,
): ProgramTensor {
  const { axes } = input.type;
  const gradient = gradients.get(input);
  if (gradient) return arrange(values.get(gradient) as ProgramTensor, axes, sizes);
  return { axes, value: new Float64Array(elements(axes, sizes)) };
}

type Bound = Pick<ProgramInputs, 'sizes' | 'tensors' | 'options' | 'mask'>;

/** Returns the graph of an operator's program for inputs. @throws {DocumentError} when the program is faulty or does not fit them. */
export function buildFor(operator: Operator, inputs: Bound): BuiltProgram {
  return keptProgram(operator, bindingOf(inputs), 'outputs', (binding) => buildProgram(operator, binding));
}

function bindingOf({ sizes, tensors, options, mask }: Bound): Binding {
  const axes: Record<string, readonly string[]> = {};
  for (const name in tensors) axes[name] = tensors[name].axes;
  return { sizes, tensors: axes, options, ...(mask && { mask: maskAxes }) };
}

/** Input tensors of a program by name, including the mask. */
export function tensorsOf({ tensors, mask, profile }: Omit<ProgramInputs, 'gradients'>): Record<string, ProgramTensor> {
  const all: Record<string, ProgramTensor> = { ...tensors };
  if (profile.prescaledQ && all.q) all.q = { ...all.q, prescaled: true };
  if (mask) all.mask = { axes: maskAxes, value: new Float64Array(mask) };
  return all;
}
