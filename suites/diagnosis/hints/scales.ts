import { type Problem, scaleOf, usualScale } from '../../../spec/problem.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

const multiples = [4, 8, 16, 32, 64, 128];
const headSizes = [16, 32, 48, 64, 80, 96, 128, 192, 256];

/** Wrong scales and softcaps. A kernel is right under hypotheses that leave the case unchanged. */
export function* scaleHypotheses(subject: Subject): Generator<ProblemHypothesis> {
  const { options } = subject.problem.case;
  const { scale: given } = options;
  const own = usualScale(subject.problem);
  const scale = scaleOf(subject.problem);
  const scaled = (text: string, changed: number, size?: number): ProblemHypothesis => ({
    text,
    ...(size !== undefined && { size }),
    problem: changed === scale ? subject.problem : withOptions(subject.problem, { scale: changed }),
  });
  if (typeof given === 'number') yield scaled('a scale of 1, whatever scale was given', 1);
  yield scaled('the scale applied twice', scale ** 2);
  yield scaled('scores divided by the scale instead of multiplied by it', 1 / scale);
  if (scale > 0) yield scaled('the square root of the scale, as if only one of Q and K had it', Math.sqrt(scale));
  yield scaled('scores with the opposite sign', -scale);
  yield scaled('exponentials to base 2 instead of e: the factor log2 e is missing', scale * Math.LN2);
  yield scaled('scores multiplied by log2 e, but exponentials to base e', scale * Math.LOG2E);
  for (const [text, changed, size] of defaults(subject, own)) yield scaled(text, typeof given === 'number' ? scale : changed, size);
  if (typeof options.softcap !== 'number') return;
  const { softcap } = options;
  const capped = (text: string, changed: { scale?: number; softcap?: number }) => ({
    text,
    problem: withOptions(subject.problem, changed),
  });
  if (scale > 0) yield capped('a softcap before the scale', { softcap: softcap * scale });
  yield capped('tanh of the score by the softcap, not multiplied by the softcap', { scale: scale / softcap, softcap: 1 });
  yield capped('the softcap times tanh of the score, not divided by the softcap before', { scale: scale * softcap });
}

function* defaults({ problem }: Subject, own: number): Generator<[text: string, scale: number, size?: number]> {
  const { hk, g, m, n, d, e } = problem.case.dims;
  const from = (size: number) => 1 / Math.sqrt(size);
  yield ['the default scale applied twice', own ** 2];
  yield ['a default scale from the head size of V', from(e)];
  yield ['a default scale from half of the head size', from(d / 2)];
  yield ['a default scale from twice the head size', from(2 * d)];
  yield ['a default scale from the head size times the number of query heads', from(hk * g * d)];
  yield ['a default scale from the head size times the number of key heads', from(hk * d)];
  yield ['a default scale from the number of queries', from(m)];
  yield ['a default scale from the number of keys', from(n)];
  for (const multiple of multiples)
    yield ['a default scale from the head size padded to a multiple of {}', from(Math.ceil(d / multiple) * multiple), multiple];
  for (const size of headSizes) yield ['a default scale from a head size of {}, whatever the head size is', from(size), size];
}

/** Replaces the scale or the softcap of a problem. */
export function withOptions(problem: Problem, options: { readonly scale?: number; readonly softcap?: number }): Problem {
  return { ...problem, case: { ...problem.case, options: { ...problem.case.options, ...options } } };
}
