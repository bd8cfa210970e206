import { flatAxesOf, inputsOf, queryAxisOf } from '../../spec/operator/facts.js';
import type { Problem } from '../../spec/problem.js';
import { interpret } from '../../spec/program/interpret.js';
import { placeAlong, sizeOf } from '../../spec/tensor/tensor.js';

/** Input shown in a picture: v, or the largest with keys and a gradient; undefined without one. */
export function valueInputOf({ operator, inputs }: Problem): string | undefined {
  const known = Object.entries(inputsOf(operator)).filter(([name, { gradient }]) => gradient && inputs[name]);
  const withKeys = known.filter(([, { axes }]) => axes.includes('n'));
  const sizes = (withKeys.length > 0 ? withKeys : known).map(([name]) => ({ name, size: sizeOf(inputs[name].shape) }));
  const largest = sizes.reduce<(typeof sizes)[number] | undefined>(
    (best, next) => (best && best.size >= next.size ? best : next),
    undefined,
  );
  return sizes.some(({ name }) => name === 'v') ? 'v' : largest?.name;
}

/** |∂o_i/∂x_j| over all channels, [m, n], by a gradient per element of o. @param input x. */
export function influenceOf(problem: Problem, input: string): Float64Array {
  const { operator } = problem;
  const { shape } = interpret(problem, false).outputs.o;
  const rowOf = placeOf(flatAxesOf(operator.outputs.o), shape, queryAxisOf(operator));
  const columnOf = placeOf(flatAxesOf(inputsOf(operator)[input].axes), problem.inputs[input].shape, 'n');
  const { m, n } = problem.case.dims;
  const squares = new Float64Array(m * n);
  for (let at = 0; at < sizeOf(shape); at++) {
    const data = new Float64Array(sizeOf(shape));
    data[at] = 1;
    const gradients = interpret({ ...problem, inputs: { ...problem.inputs, do: { shape, data } } }, true).outputs;
    const { value } = gradients[`d${input}`];
    for (let x = 0; x < value.length; x++) squares[rowOf(at) * n + columnOf(x)] += value[x] ** 2;
  }
  return squares.map(Math.sqrt);
}

function placeOf(axes: readonly string[], shape: readonly number[], axis: string): (at: number) => number {
  const place = axes.indexOf(axis);
  return place < 0 ? () => 0 : placeAlong(shape, place);
}
