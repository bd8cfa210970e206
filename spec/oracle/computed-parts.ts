import { readingLoss } from '../numeric/operand-loss.js';
import { narrowStore } from '../numeric/profile.js';
import type { Expected, Problem } from '../problem.js';
import { differentiate } from '../program/differentiate.js';
import { evaluateGraph } from '../program/evaluate.js';
import type { Node } from '../program/graph.js';
import { headAxes, problemInputs } from '../program/problem-inputs.js';
import { tensorsOf } from '../program/run.js';
import { storedBounds } from '../program/store.js';
import { arrange, gather, offsets, type ProgramTensor, type Sizes } from '../program/tensor.js';
import type { Float64Tensor } from '../tensor/tensor-rows.js';
import { addOwnBound } from './forward-outputs.js';
import { computedNodes, isPlain, type SoftmaxForm } from './softmax-form.js';

interface ComputedPart {
  readonly node: Node;
  readonly axes: readonly string[];
  readonly values: Float64Tensor;
}

/** Computed bias [b or 1, hk·g or 1, m or 1, n] and values [b, hk, n, e]; absent if an input. */
export interface ComputedParts {
  readonly bias?: ComputedPart;
  readonly values?: ComputedPart;
}

/** Evaluates a computed bias and values. @param gradients also bounds a backward pass. */
export function computedParts(problem: Problem, form: SoftmaxForm, gradients: boolean): ComputedParts {
  if (isPlain(form)) return {};
  const { bias, values } = computedNodes(form);
  const inputs = problemInputs(problem);
  const { sizes } = inputs;
  const roots = [...(bias ? [bias] : []), ...(values ? [values] : [])];
  const computed = evaluateGraph(form.built.graph, roots, tensorsOf(inputs), { ...inputs, gradients });
  const part = (node: Node, axes: readonly string[], shape: readonly number[]): ComputedPart => {
    const found = spread(computed.get(node) as ProgramTensor, axes, sizes);
    const lost = isLayer(node) ? readingLoss(problem.numeric, found) : undefined;
    const bound = sum(found.bound, lost);
    return { node, axes, values: { shape, data: found.data, ...(bound && { bound }) } };
  };
  return {
    ...(bias && { bias: part(bias, ...biasSpace(problem, bias.type.axes)) }),
    ...(values && {
      values: part(
        values,
        valueAxes,
        valueAxes.map((axis) => sizes[axis]),
      ),
    }),
  };
}

const valueAxes = ['b', 'hk', 'n', 'e'] as const;

/** Gradients of inputs through computed parts; undefined if a part is broadcast. */
export function gradientsThrough(
  problem: Problem,
  { built: { graph, inputs } }: SoftmaxForm,
  parts: ComputedParts,
  gradients: Readonly<Record<string, Expected>>,
): Map<string, Expected> | undefined {
  const tensors: Record<string, ProgramTensor> = {};
  const seeds = new Map<Node, Node>();
  for (const [name, part] of Object.entries(parts) as [string, ComputedPart][]) {
    const { node, axes } = part;
    // a name that no input can have
    const cotangent = graph.input(`cotangent of ${name}`, { kind: 'number', axes });
    const seed = new Map([[node, cotangent]]);
    if (differentiate(graph, seed, [...inputs.values()]).size === 0) continue;
    if (axes.length !== node.type.axes.length) return undefined;
    seeds.set(node, cotangent);
    tensors[`cotangent of ${name}`] = cotangentOf(problem, part, gradients[name]);
  }
  if (seeds.size === 0) return new Map();
  const own = problemInputs(problem);
  const nodes = differentiate(graph, seeds, [...inputs.values()]);
  const values = evaluateGraph(graph, nodes.values(), { ...tensorsOf(own), ...tensors }, { ...own, gradients: true });
  const found = new Map<string, Expected>();
  for (const [name, input] of inputs) {
    const node = nodes.get(input);
    if (!node) continue;
    const { value, bound } = arrange(values.get(node) as ProgramTensor, input.type.axes, own.sizes);
    const gradient = { shape: problem.inputs[name].shape, value: value.slice(), bound: bound?.slice() ?? new Float64Array(value.length) };
    if (problem.numeric.accumulate === 'f64') addOwnBound([gradient]);
    found.set(name, gradient);
  }
  return found;
}

function cotangentOf({ numeric }: Problem, { node, axes }: ComputedPart, { value, bound }: Expected): ProgramTensor {
  const stored = isLayer(node) ? storedBounds(narrowStore(numeric), value, bound, undefined) : bound;
  return { axes, value, bound: stored };
}

/** Full axes of a bias, and its shape: heads are one axis, constant axes have size 1. */
function biasSpace(problem: Problem, own: readonly string[]): [axes: string[], shape: number[]] {
  const { dims } = problem.case;
  const heads = headAxes(problem);
  const groups = [['b'], [...heads], ['m']].filter((group) => group.some((axis) => own.includes(axis)));
  const size = (group: readonly string[]) => group.reduce((product, axis) => product * dims[axis as keyof typeof dims], 1);
  const shape = [['b'], [...heads], ['m']].map((group) => (group.some((axis) => own.includes(axis)) ? size(group) : 1));
  return [
    [...groups.flat(), 'n'],
    [...shape, dims.n],
  ];
}

function spread(t: ProgramTensor, axes: readonly string[], sizes: Sizes): { data: Float64Array; bound?: Float64Array } {
  const at = offsets(t.axes, axes, sizes);
  return { data: gather(t.value, at), ...(t.bound && { bound: gather(t.bound, at) }) };
}

function isLayer(node: Node): boolean {
  return node.kind === 'apply' && node.store === 'layer';
}

function sum(x: Float64Array | undefined, y: Float64Array | undefined): Float64Array | undefined {
  return x && y ? x.map((term, at) => term + y[at]) : (x ?? y);
}
