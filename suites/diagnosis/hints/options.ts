import type { ProblemHypothesis, Subject } from './hypothesis.js';

/** Options that have no effect. */
export function* optionHypotheses({ problem }: Subject): Generator<ProblemHypothesis> {
  for (const option of Object.keys(problem.case.options)) {
    const { [option]: _, ...options } = problem.case.options;
    const { [option]: __, ...inputs } = problem.inputs;
    yield { text: `the case without ${option}`, problem: { ...problem, inputs, case: { ...problem.case, options } } };
  }
}
