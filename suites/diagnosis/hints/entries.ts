import { axesOf, declaredAxes, flatAxesOf } from '../../../spec/operator/facts.js';
import type { Expectation, Expected } from '../../../spec/problem.js';
import { sizeOf } from '../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

/** Every batch entry or head reads the first one's part; dk or dv is summed in the first entry. */
export function* entryHypotheses({ problem, backward }: Subject): Generator<ProblemHypothesis> {
  const { inputs, operator } = problem;
  const axes = [...Object.keys(declaredAxes(operator)), 'do', 'dlse'].map(
    (name) => [name, flatAxesOf(axesOf(operator, name) ?? [])] as const,
  );
  const replaced = (name: string, axis: number, of: string): ProblemHypothesis => ({
    text: `a kernel where every ${of} reads ${name} of the first`,
    problem: { ...problem, inputs: { ...inputs, [name]: firstForAll(inputs[name], axis) } },
  });
  for (const [name, [first]] of axes) if (first === 'b' && inputs[name]?.shape[0] > 1) yield replaced(name, 0, 'batch entry');
  if (inputs.k?.shape[0] > 1 && inputs.v) {
    const first = { k: firstForAll(inputs.k, 0), v: firstForAll(inputs.v, 0) };
    yield {
      text: 'a kernel where every batch entry reads keys and values of the first',
      problem: { ...problem, inputs: { ...inputs, ...first } },
    };
  }
  for (const [name, own] of axes) {
    const axis = own.indexOf('h');
    if (inputs[name]?.shape[axis] > 1) yield replaced(name, axis, 'head');
  }
  if (!backward || problem.case.dims.b === 1) return;
  for (const name of ['dk', 'dv'].filter((gradient) => inputs[gradient.slice(1)]))
    yield {
      text: `a kernel that adds ${name} of every batch entry to the first one`,
      problem,
      after: (answer) => inFirst(answer, name),
    };
}

function firstForAll({ shape, data }: Float64Tensor, axis: number): Float64Tensor {
  const size = sizeOf(shape.slice(axis + 1));
  return { shape, data: data.map((_, at) => data[Math.floor(at / (size * shape[axis])) * size * shape[axis] + (at % size)]) };
}

function inFirst(answer: Expectation, name: string): Expectation {
  const { shape, value, bound }: Expected = answer.outputs[name];
  const size = value.length / shape[0];
  const sum = { shape, value: new Float64Array(value.length), bound: new Float64Array(value.length) };
  for (let at = 0; at < value.length; at++) {
    sum.value[at % size] += value[at];
    sum.bound[at % size] += bound[at];
  }
  return { ...answer, outputs: { ...answer.outputs, [name]: sum } };
}
