import { hashOf } from '../../../spec/lib/hash.js';
import type { Problem } from '../../../spec/problem.js';
import { floatFormats } from '../../../spec/tensor/dtype.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';

/** Factors and shifts of a sink: they make it tiny or large, dominant in a row, or too small to have an effect. */
const sinks = [
  { factor: 1, shift: 0 },
  { factor: 2 ** -12, shift: 0 },
  { factor: 16, shift: 0 },
  { factor: 1, shift: 12 },
  { factor: 1, shift: 40 },
  { factor: 1, shift: -30 },
];

/** Same problem with inputs that are rarely drawn: sinks of every size, subnormals in q, k and do, small cotangents. */
export function hardened(problem: Problem, seed: number): Problem {
  const { dtype } = problem.case;
  const change = ({ shape, data }: Float64Tensor, f: (x: number, at: number) => number): Float64Tensor => ({
    shape,
    data: data.map((x, at) => roundTo(dtype, f(x, at))),
  });
  const inputs: Record<string, Float64Tensor> = { ...problem.inputs };
  const { factor, shift } = sinks[hashOf(seed, 1) % sinks.length];
  if (inputs.sink) inputs.sink = change(inputs.sink, (x) => x * factor + shift);
  const tiny = floatFormats[dtype].smallestNormal;
  const name = (['q', 'k', 'do', undefined, undefined, undefined] as const)[hashOf(seed, 2) % 6];
  // every other element: rows mix subnormal with normal numbers
  if (name) inputs[name] = change(inputs[name], (x, at) => (hashOf(seed, at) % 2 ? x * tiny : x));
  const small = [1, 1, 2 ** -9][hashOf(seed, 3) % 3];
  if (small < 1) inputs.do = change(inputs.do, (x) => x * small);
  return { ...problem, inputs };
}
