import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

/** Lost or misread channels of Q, K and V. */
export function* channelHypotheses({ problem }: Subject): Generator<ProblemHypothesis> {
  const { inputs } = problem;
  const { d, e } = problem.case.dims;
  const changed = (text: string, name: string, values: Float64Tensor, size?: number): ProblemHypothesis => ({
    text: `a kernel where ${text}`,
    ...(size !== undefined && { size }),
    problem: { ...problem, inputs: { ...inputs, [name]: values } },
  });
  yield changed('Q is ignored: every score is 0 before bias and ALiBi are added', 'q', columnsTo(inputs.q, 0));
  for (const width of [2, 4, 8, 16, 32, 64]) {
    if (d > width && d % width !== 0)
      yield changed('channels of Q and K after the last multiple of {} are lost', 'q', columnsTo(inputs.q, d - (d % width)), width);
  }
  if (e === d) return;
  if (e > d) yield changed("columns of V beyond K's are lost", 'v', columnsTo(inputs.v, d));
  const { shape, data } = inputs.v;
  const rows = data.map((_, at) => data[Math.floor(at / e) * d + (at % e)] ?? 0);
  yield changed("rows of V are taken to be as long as K's", 'v', { shape, data: rows });
}

function columnsTo({ shape, data }: Float64Tensor, end: number): Float64Tensor {
  return { shape, data: data.map((x, at) => (at % shape[3] < end ? x : 0)) };
}
