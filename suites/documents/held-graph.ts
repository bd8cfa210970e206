import type { Problem } from '../../spec/problem.js';
import type { BuiltProgram } from '../../spec/program/build.js';
import { evaluateGraph } from '../../spec/program/evaluate.js';
import { type Node, signatureOf } from '../../spec/program/graph.js';
import { headGroups, problemInputs } from '../../spec/program/problem-inputs.js';
import { buildFor, type ProgramInputs, tensorsOf } from '../../spec/program/run.js';
import { arrange, type ProgramTensor } from '../../spec/program/tensor.js';
import { visibility } from '../../spec/program/visibility.js';

/** Computes Σ outputs · cotangents for other inputs; nodes without a gradient keep their values. */
export class HeldGraph {
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
