import { codeOf, hasRowsOfQueries, inputsOf, namesEmptyOutput } from '../../spec/operator/facts.js';
import type { Expectation, Problem } from '../../spec/problem.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { Comparand, EmptyRule } from './compared.js';

/** Outputs that both the call and the oracle have, in the oracle's order. */
export function comparandsOf(problem: Problem, expectation: Expectation, outputs: Tensors): Comparand[] {
  const { flushToZero } = problem.numeric;
  const anyEmpty = expectation.empty.includes(1);
  return Object.keys(expectation.outputs)
    .filter((output) => outputs[output] !== undefined)
    .map((output) => {
      const rule = anyEmpty ? emptyRule(problem, output) : undefined;
      const format = codeOf(problem.operator, output);
      const empty = rule && { rows: expectation.empty, rule };
      return {
        output,
        class: classOf(problem, output),
        actual: outputs[output],
        expected: expectation.outputs[output],
        flushToZero,
        empty,
        ...(format && { format }),
        ...(expectation.rows && { judged: expectation.rows }),
      };
    });
}

function classOf({ operator }: Problem, output: string): string {
  if (output === 'lse') return 'lse';
  return Object.hasOwn(operator.outputs, output) || !Object.hasOwn(inputsOf(operator), output.slice(1)) ? 'value' : 'gradient';
}

function emptyRule({ dialect, operator }: Problem, output: string): EmptyRule | undefined {
  // undocumented empty rows of a program that is no softmax are judged by its bound
  const said = namesEmptyOutput(operator) || operator.emptyRow !== undefined;
  if (!said || !hasRowsOfQueries(operator, output)) return undefined;
  switch (output) {
    case 'o':
      return dialect.emptyOutput === 'mean' ? 'bounded' : 'exact';
    case 'lse':
      return dialect.emptyLse === 'finite' ? 'finite' : 'exact';
    case 'dq':
      return 'exact';
    default:
      return undefined;
  }
}
