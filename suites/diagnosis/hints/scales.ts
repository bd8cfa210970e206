import type { ProblemHypothesis, Subject } from './hypothesis.js';

/** Factors of the scores. */
export function* scaleHypotheses({ problem }: Subject): Generator<ProblemHypothesis> {
  const { dims, options } = problem.case;
  const scaled = (text: string, scale: number, size?: number): ProblemHypothesis => ({
    text,
    ...(size !== undefined && { size }),
    problem: { ...problem, case: { ...problem.case, options: { ...options, scale } } },
  });
  if (typeof options.scale === 'number') {
    yield scaled('a scale of 1, whatever scale was given', 1);
    yield scaled('the scale applied twice', options.scale ** 2);
    return;
  }
  const scale = problem.dialect.defaultScale === '1' ? 1 : 1 / Math.sqrt(dims.d);
  yield scaled('the default scale applied twice', scale ** 2);
  if (dims.e !== dims.d) yield scaled('a default scale from the head size of V', 1 / Math.sqrt(dims.e));
  for (const multiple of [4, 8, 16, 32, 64, 128]) {
    const padded = Math.ceil(dims.d / multiple) * multiple;
    if (padded === dims.d) continue;
    yield scaled('a default scale from the head size padded to a multiple of {}', 1 / Math.sqrt(padded), multiple);
  }
}
