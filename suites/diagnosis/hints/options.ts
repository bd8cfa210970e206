import type { ProblemHypothesis, Subject } from './hypothesis.js';

/** Options that have no effect. */
export function* optionHypotheses({ problem }: Subject): Generator<ProblemHypothesis> {
  for (const option of Object.keys(problem.case.options)) {
    const { [option]: _, ...options } = problem.case.options;
    const { [option]: __, ...inputs } = problem.inputs;
    yield { text: `the case without ${option}`, problem: { ...problem, inputs, case: { ...problem.case, options } } };
  }
}

/** The other value of a two-valued option at its default: a kernel may have fixed it. */
export function* choiceHypotheses({ problem }: Subject): Generator<ProblemHypothesis> {
  const { options: given } = problem.case;
  for (const [name, { default: usual, values = [] }] of Object.entries(problem.operator.options ?? {})) {
    const others = values.filter((value) => value !== usual);
    if ((given[name] ?? usual) !== usual || values.length !== 2 || others.length !== 1) continue;
    const [value] = others;
    yield {
      text: `${name} = ${value}`,
      declare: `"fixed": { "${name}": ${value} } in its capabilities`,
      problem: { ...problem, case: { ...problem.case, options: { ...given, [name]: value } } },
    };
  }
}
