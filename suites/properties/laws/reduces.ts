import { hasOutput, inputsOf } from '../../../spec/operator/facts.js';
import type { Problem } from '../../../spec/oracle/problem.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import { firstFailure } from '../../judging/first-failure.js';
import { boundOf, hasLaw, judgeRelated, type LawOf, lawsOf, type Related, underCondition, whyNoLaw } from '../../judging/law.js';
import type { JudgeContext, Property } from '../property.js';

/** Under the condition of a law, the outputs are those of another operator on the inputs of the same names. */
export const reduces: Property = {
  name: 'reduces',
  title: 'under a condition that its document states, the operator is another one',
  perMask: false,
  perFeature: false,
  speaksOf: (operator) => hasLaw(operator, 'equals'),
  needs: { distributions: ['normal', 'integers', 'uniform'], calls: 2 },
  unsupported: (capabilities, operator) => whyNoLaw(capabilities, operator, 'equals'),
  calls: (c, claims) => {
    const operator = claims.operator(c.operator) as Operator;
    return lawsOf(claims.capabilities, operator, 'equals').map(({ when }) => ({
      command: 'forward',
      case: underCondition(c, operator, when),
    }));
  },
  judge: (context) => {
    const laws = lawsOf(context.claims.capabilities, context.claims.operator(context.case.operator), 'equals');
    return firstFailure(laws.entries(), ([call, law]) => {
      const related = relatedOutputs(context, call, law);
      return judgeRelated(context, `${context.case.operator} is ${law.equals}${conditionOf(law)}`, related);
    });
  },
};

function conditionOf({ when = {} }: LawOf<'equals'>): string {
  const parts = Object.entries(when).map(([name, value]) => `${name} = ${value}`);
  return parts.length === 0 ? '' : ` where ${parts.join(' and ')}`;
}

/** The outputs that both operators have, with the values of the other one; each may err as both may. */
function relatedOutputs(context: JudgeContext, call: number, law: LawOf<'equals'>): Related[] {
  const { case: c } = context.calls[call];
  const problem = context.problem(c);
  const other = context.claims.operator(law.equals) as Operator;
  const { outputs } = context.evaluate(otherProblem(context, problem, other, law), false);
  return Object.keys(context.results[call])
    .filter((output) => hasOutput(other, output) && outputs[output])
    .map((output) => {
      const own = boundOf(context, call, output);
      const { shape, value, bound } = outputs[output];
      return { call, output, expected: { shape, value, bound: bound.map((e, at) => e + own[at]) } };
    });
}

function otherProblem(context: JudgeContext, problem: Problem, other: Operator, { mask, options }: LawOf<'equals'>): Problem {
  const numbers = Object.entries(problem.case.options).filter(([name]) => name in (other.options ?? {}));
  const { transform: _, ...values } = problem.case.values;
  const c: Case = {
    ...problem.case,
    operator: other.name,
    mask: mask === undefined ? problem.case.mask : { name: mask },
    options: options ?? Object.fromEntries(numbers),
    values,
  };
  const inputs = Object.entries(problem.inputs).filter(([name]) => name in inputsOf(other));
  return { ...context.problem(c), inputs: Object.fromEntries(inputs) };
}
