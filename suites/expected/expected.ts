import { inLayout } from '../../generators/values/view.js';
import { axesOf, flatAxesOf, layoutForm } from '../../spec/operator/facts.js';
import { expectedTensors, outputType } from '../../spec/oracle/expected-tensors.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { Case, DType } from '../../spec/types/documents.js';
import { type JudgedPass, judgeWhole } from './judge-tensors.js';
import { caseOfTensors, cotangentsIn, type OwnProblem, problemOfTensors } from './own-problem.js';

export interface ExpectedOutputs {
  readonly case: Case;
  /**
   * `expected.X` and `bound.X` in float64 for outputs X and, with cotangents, gradients, in the
   * inputs' layout. X passes if |X − expected| ≤ bound, or both are the same infinity or NaN; an
   * infinite bound leaves X undecided.
   */
  readonly tensors: Tensors;
  readonly judged: readonly JudgedPass[];
}

/** Expected values of a user's tensors; judges outputs. @param undiagnosed leaves failures unexplained. @throws {UsageError | DocumentError} */
export function expectedOf(own: OwnProblem, undiagnosed = false): ExpectedOutputs {
  const c = caseOfTensors(own);
  const tensors: Tensors = {};
  const judged: JudgedPass[] = [];
  for (const pass of cotangentsIn(own).length > 0 ? (['forward', 'backward'] as const) : (['forward'] as const)) {
    const problem = problemOfTensors(own, c, pass === 'backward');
    const expectation = expectationOf(problem, pass === 'backward');
    const typeOf = (name: string) => (own.tensors[name]?.dtype as DType | undefined) ?? outputType(c, name);
    for (const [name, t] of Object.entries(expectedTensors(expectation, typeOf, problem.numeric.flushToZero))) {
      const form = layoutForm(flatAxesOf(axesOf(own.operator, name.slice(name.indexOf('.') + 1)) ?? []));
      tensors[name] = inLayout(t, own.layout, form);
    }
    const given = Object.keys(expectation.outputs).filter((name) => own.tensors[name]);
    if (given.length > 0) judged.push(judgeWhole(own, problem, expectation, pass, given, undiagnosed));
  }
  return { case: c, tensors, judged };
}
