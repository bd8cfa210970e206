import type { Problem } from '../../../../spec/problem.js';
import { sizeOf } from '../../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../../spec/tensor/tensor-rows.js';

/** Backward problem with cotangents of 0 for all queries but some. */
export function keptQueries(problem: Problem, counts: (query: number) => boolean): Problem {
  const { do: cotangent, dlse } = problem.inputs;
  const kept = ({ shape, data }: Float64Tensor): Float64Tensor => {
    const [m, width] = [shape[2], sizeOf(shape.slice(3))];
    return { shape, data: data.map((x, at) => (counts(Math.floor(at / width) % m) ? x : 0)) };
  };
  return { ...problem, inputs: { ...problem.inputs, do: kept(cotangent), ...(dlse && { dlse: kept(dlse) }) } };
}
