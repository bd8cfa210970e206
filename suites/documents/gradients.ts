import { problemOf } from '../../generators/problem.js';
import { hashOf, nameHash } from '../../spec/lib/hash.js';
import { hasRowsOfQueries } from '../../spec/operator/facts.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import type { Expectation, Problem } from '../../spec/problem.js';
import type { BuiltProgram } from '../../spec/program/build.js';
import { evaluateGraph } from '../../spec/program/evaluate.js';
import { type Node, signatureOf } from '../../spec/program/graph.js';
import { headGroups, problemInputs } from '../../spec/program/problem-inputs.js';
import { buildFor, type ProgramInputs, tensorsOf } from '../../spec/program/run.js';
import { arrange, type ProgramTensor } from '../../spec/program/tensor.js';
import { visibility } from '../../spec/program/visibility.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Float64Tensor } from '../../spec/tensor/tensor-rows.js';
import type { Case, Operator } from '../../spec/types/documents.js';
import { claimsOfDocument, DocumentCases } from './drawn-problems.js';

/** Computes Σ outputs · cotangents for other inputs; nodes without a gradient keep their values. */
class HeldGraph {
  private readonly inputs: ProgramInputs;
  private readonly program: BuiltProgram;
  private readonly tensors: Record<string, ProgramTensor>;
  private readonly held: ReadonlyMap<Node, ProgramTensor>;

  constructor(private readonly problem: Problem) {
    const { mask } = visibility(problem);
    const given = problemInputs(problem);
    // a row without keys has no gradient
    const options = { ...given.options, emptyOutput: 'zero' };
    this.inputs = { ...given, options, gradients: false, rounding: 'f64', ...(mask && { mask }) };
    this.tensors = tensorsOf(this.inputs);
    this.program = buildFor(problem.operator, this.inputs);
    this.held = evaluateGraph(this.program.graph, this.heldNodes(), this.tensors, this.inputs);
  }

  /** Σ outputs · cotangents, with `input` moved by `by` times the direction. */
  lossAt(input: string, direction: Float64Array, by: number): number {
    const { graph, outputs } = this.program;
    const t = this.tensors[input];
    const tensors = { ...this.tensors, [input]: { ...t, value: t.value.map((x, i) => (direction[i] === 0 ? x : x + by * direction[i])) } };
    const values = evaluateGraph(graph, outputs.values(), tensors, this.inputs, this.held);
    let loss = 0;
    for (const [name, node] of outputs) {
      const cotangent = this.problem.inputs[`d${name}`];
      if (!cotangent) continue;
      const axes = headGroups(this.problem, this.problem.operator.outputs[name]).flat();
      const { value } = arrange(values.get(node) as ProgramTensor, axes, graph.sizes);
      for (let i = 0; i < value.length; i++) if (cotangent.data[i] !== 0) loss += cotangent.data[i] * value[i];
    }
    return loss;
  }

  private heldNodes(): Node[] {
    const { nodes, sizes } = this.program.graph;
    return nodes.filter((node) => node.kind === 'apply' && Object.keys(node.primitive.gradient(signatureOf(node, sizes))).length === 0);
  }
}

/** Gradient that differs from the derivative of the outputs. */
export interface WrongGradient {
  readonly case: Case;
  readonly input: string;
  /** Derivatives along a direction: by the gradient, and by differences. */
  readonly gradient: number;
  readonly difference: number;
}

/** Steps to try: a kink, or a divisor near 0, may lie within one. */
const steps = [1e-3, 1e-4, 1e-5, 1e-7];

/** Tolerance relative to the magnitudes of a derivative's terms. */
const TOLERANCE = 1e-6;

/** Compares gradients with central differences; nodes without a gradient keep their values. */
export function compareGradients(library: SpecLibrary, operator: Operator, count: number, seed = 0): WrongGradient | undefined {
  // integers would lie on kinks
  const claims = claimsOfDocument(library, operator);
  const cases = new DocumentCases(claims, operator, { gradients: true, distributions: ['normal'] });
  const found = cases.smallestFailure(seed, count, (c) => wrongGradient(withFiniteOutputs(problemOf(claims, c, true))));
  return found && { case: found.case, ...found.failure };
}

function wrongGradient({ problem, error }: FiniteProblem): Omit<WrongGradient, 'case'> | undefined {
  const graph = new HeldGraph(problem);
  for (const [output, { value, bound }] of Object.entries(expectationOf(problem, true).outputs)) {
    const input = output.slice(1);
    const direction = directionOf(problem.case, input, bound);
    const gradient = value.reduce((sum, x, i) => sum + (direction[i] ? x * direction[i] : 0), 0);
    const magnitude = value.reduce((sum, x, i) => sum + (direction[i] ? Math.abs(x * direction[i]) : 0), 0);
    const differences = steps.map((step) => differenceAlong(graph, input, direction, step));
    const agrees = differences.some((difference, i) => Math.abs(gradient - difference) <= TOLERANCE * magnitude + (4 * error) / steps[i]);
    if (!agrees) return { input, gradient, difference: differences[0] };
  }
  return undefined;
}

function directionOf({ values }: Case, input: string, bound: Float64Array): Float64Array {
  const seed = hashOf(values.seed, nameHash(input));
  return bound.map((e, i) => (Number.isFinite(e) ? (hashOf(seed, i) % 2 === 0 ? 1 : -1) : 0));
}

/** Central difference, extrapolated to an error of the fourth power of the step. */
function differenceAlong(graph: HeldGraph, input: string, direction: Float64Array, step: number): number {
  const central = (h: number) => (graph.lossAt(input, direction, h) - graph.lossAt(input, direction, -h)) / (2 * h);
  return (4 * central(step / 2) - central(step)) / 3;
}

interface FiniteProblem {
  readonly problem: Problem;
  /** Error bound of Σ outputs · cotangents. */
  readonly error: number;
}

/** Sets cotangents to 0 for undecided, infinite and fixed outputs. */
function withFiniteOutputs(problem: Problem): FiniteProblem {
  const expectation = expectationOf(problem, false);
  const inputs: Record<string, Float64Tensor> = { ...problem.inputs };
  let error = 0;
  for (const [name, { value, bound }] of Object.entries(expectation.outputs)) {
    const cotangent = problem.inputs[`d${name}`];
    if (!cotangent) continue;
    const fixed = fixedElements(problem, name, expectation);
    const data = cotangent.data.map((x, i) => (Number.isFinite(value[i]) && Number.isFinite(bound[i]) && !fixed(i) ? x : 0));
    inputs[`d${name}`] = { ...cotangent, data };
    for (let i = 0; i < data.length; i++) if (data[i] !== 0) error += Math.abs(data[i]) * bound[i];
  }
  return { problem: { ...problem, inputs }, error };
}

/** Selects elements in rows without keys, which have no gradient. */
function fixedElements({ operator }: Problem, name: string, { empty, outputs }: Expectation): (at: number) => boolean {
  if (!empty.includes(1) || !hasRowsOfQueries(operator, name)) return () => false;
  const width = outputs[name].value.length / empty.length;
  return (at) => empty[Math.floor(at / width)] === 1;
}
