import { inLayout } from '../../generators/values/view.js';
import { masksOf } from '../../generators/whole/mask-form.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { fullDialect } from '../../spec/dialect.js';
import { axesOf, flatAxesOf, layoutForm } from '../../spec/operator/facts.js';
import { expectedTensors, outputType } from '../../spec/oracle/expected-tensors.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import type { RowFilter } from '../../spec/oracle/softmax-forward.js';
import type { Expectation, Problem } from '../../spec/problem.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { Capabilities, Case, DType } from '../../spec/types/documents.js';
import type { Property } from '../contract/property.js';
import { gradient } from '../properties/kernel/gradient.js';
import { oracle } from '../properties/kernel/oracle.js';
import { type JudgedCase, judgeCase } from '../properties/lib/judge-case.js';
import { type OwnProblem, problemOfTensors } from './own-problem.js';

/** Judged outputs of one pass. */
export interface JudgedPass extends JudgedCase {
  readonly pass: 'forward' | 'backward';
  readonly outputs: readonly string[];
}

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

/** Expected values of a user's tensors; judges outputs. @throws {UsageError | DocumentError} */
export function expectedOf(own: OwnProblem): ExpectedOutputs {
  const problems = problemOfTensors(own);
  const passes = [
    { pass: 'forward', problem: problems.forward, property: oracle },
    ...(problems.backward ? [{ pass: 'backward', problem: problems.backward, property: gradient } as const] : []),
  ] as const;
  const tensors: Tensors = {};
  const judged: JudgedPass[] = [];
  for (const { pass, problem, property } of passes) {
    const expectation = expectationOf(problem, pass === 'backward');
    const typeOf = (name: string) => (own.tensors[name]?.dtype as DType | undefined) ?? outputType(problem.case, name);
    for (const [name, t] of Object.entries(expectedTensors(expectation, typeOf, problem.numeric.flushToZero))) {
      const form = layoutForm(flatAxesOf(axesOf(own.operator, name.slice(name.indexOf('.') + 1)) ?? []));
      tensors[name] = inLayout(t, own.layout, form);
    }
    const given = Object.keys(expectation.outputs).filter((name) => own.tensors[name]);
    if (given.length > 0) judged.push({ pass, outputs: given, ...judgedBy(own, problem, expectation, property, given) });
  }
  return { case: problems.forward.case, tensors, judged };
}

function judgedBy(own: OwnProblem, problem: Problem, expectation: Expectation, property: Property, given: readonly string[]): JudgedCase {
  const { library, tensors, numeric, operator } = own;
  const isForward = property === oracle;
  const claims: Capabilities = {
    dtypes: [problem.case.dtype],
    operators: [operator.name],
    layouts: [own.layout],
    options: Object.keys(problem.case.options) as never,
    ...('name' in own.mask && { masks: [own.mask.name] }),
    ...(isForward ? { outputs: [...new Set(['o', ...given])] } : { gradients: given.map((name) => name.slice(1)) as never }),
    ...(numeric && { numeric }),
  };
  const judge = {
    claims: Claims.of(library, resolveCapabilities(claims, 'the tensors')),
    // hints try the same tensors under another dialect
    problemOf: (_: Claims, c: Case) => (c === problem.case ? problem : under(own, problem, c)),
    expectationOf: (asked: Problem, gradients: boolean, rows?: RowFilter) =>
      asked === problem && rows === undefined ? expectation : expectationOf(asked, gradients, rows),
  };
  return judgeCase(property, judge, problem.case, [Object.fromEntries(given.map((name) => [name, tensors[name]]))]);
}

function under({ library, tensors }: OwnProblem, problem: Problem, c: Case): Problem {
  return { ...problem, case: c, mask: tensors.mask ? problem.mask : masksOf(library, c).own, dialect: fullDialect(c.dialect) };
}
