import { type DialectAxis, dialectAxes } from '../../../spec/dialect.js';
import type { Problem } from '../../../spec/oracle/problem.js';
import type { Case, Dialect } from '../../../spec/types/documents.js';

/** Another problem, over the same inputs, whose answer a faulty kernel may have given. */
export interface Hypothesis {
  readonly text: string;
  readonly problem: Problem;
}

/** Axes that say how inputs are sent, and change no answer. */
const noAnswer: readonly DialectAxis[] = ['maskedNaN', 'booleanMask'];

/**
 * What softmax kernels compute when they fill in a dialect axis differently, or leave an option or the mask out.
 * @param problemOf the problem of a case: only its mask is used.
 */
export function* hypotheses(problem: Problem, problemOf: (c: Case) => Problem): Generator<Hypothesis> {
  if (problem.operator.name !== 'softmax') return;
  yield* dialectHypotheses(problem, problemOf);
  yield* optionHypotheses(problem);
  yield* scaleHypotheses(problem);
  if (!problem.case.block) {
    const mask = problemOf({ ...problem.case, mask: { name: 'full' } }).mask;
    yield { text: 'what no mask would give', problem: { ...problem, mask } };
  }
}

function* dialectHypotheses(problem: Problem, problemOf: (c: Case) => Problem): Generator<Hypothesis> {
  for (const axis of Object.keys(dialectAxes) as DialectAxis[]) {
    if (noAnswer.includes(axis)) continue;
    for (const value of dialectAxes[axis]) {
      if (problem.dialect[axis] === value) continue;
      const change = { [axis]: value } as Dialect;
      const dialect = { ...problem.dialect, ...change };
      const mask = axis === 'causal' || axis === 'window' ? problemOf({ ...problem.case, dialect }).mask : problem.mask;
      yield { text: `what the dialect ${axis}=${value} would give`, problem: { ...problem, dialect, mask } };
    }
  }
}

function* optionHypotheses(problem: Problem): Generator<Hypothesis> {
  for (const option of Object.keys(problem.case.options)) {
    const { [option]: _, ...options } = problem.case.options;
    const { [option]: __, ...inputs } = problem.inputs;
    yield { text: `what the case without ${option} would give`, problem: { ...problem, inputs, case: { ...problem.case, options } } };
  }
  const { sink } = problem.inputs;
  if (sink) {
    const twice = { ...sink, data: sink.data.map((x) => x + Math.LN2) };
    yield { text: 'what a sink counted twice would give', problem: { ...problem, inputs: { ...problem.inputs, sink: twice } } };
  }
}

function* scaleHypotheses(problem: Problem): Generator<Hypothesis> {
  const { dims, options } = problem.case;
  if (options.scale !== undefined) return;
  const tried = new Set([dims.d]);
  for (const multiple of [4, 8, 16, 32, 64, 128]) {
    const padded = Math.ceil(dims.d / multiple) * multiple;
    if (tried.has(padded)) continue;
    tried.add(padded);
    const scaled = { ...problem.case, options: { ...options, scale: 1 / Math.sqrt(padded) } };
    yield { text: `what a default scale of 1/√${padded} instead of 1/√${dims.d} would give`, problem: { ...problem, case: scaled } };
  }
}
