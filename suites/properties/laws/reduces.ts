import { untransformed } from '../../../generators/values/transform.js';
import { hasOutput, inputsOf } from '../../../spec/operator/facts.js';
import type { LawOf } from '../../../spec/operator/laws.js';
import type { Problem } from '../../../spec/problem.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import type { JudgeContext, Property } from '../../contract/property.js';
import { judgeRelated, type Related, underCondition, withBoundOf } from '../lib/law.js';
import { lawProperty } from '../lib/law-property.js';

/** Under a law's condition, the outputs are another operator's. */
export const reduces: Property = lawProperty({
  name: 'reduces',
  title: 'under a condition that its document states, the operator equals another operator',
  key: 'equals',
  calls: 2,
  cases: (c, { when }, operator) => [underCondition(c, operator, when)],
  judge: (context, law, { name }, [call]) =>
    judgeRelated(context, `${name} is ${law.equals}${conditionOf(law)}`, relatedOutputs(context, call, law)),
});

function conditionOf({ when = {} }: LawOf<'equals'>): string {
  const parts = Object.entries(when).map(([name, value]) => `${name} = ${value}`);
  return parts.length === 0 ? '' : ` where ${parts.join(' and ')}`;
}

function relatedOutputs(context: JudgeContext, call: number, law: LawOf<'equals'>): Related[] {
  const problem = context.problem(context.calls[call].case);
  const other = context.claims.operator(law.equals) as Operator;
  const { outputs } = context.evaluate(otherProblem(context, problem, other, law), false);
  return Object.keys(context.results[call])
    .filter((output) => hasOutput(other, output) && outputs[output])
    .map((output) => ({ call, output, expected: withBoundOf(context, call, output, outputs[output]) }));
}

function otherProblem(context: JudgeContext, problem: Problem, other: Operator, { mask, options }: LawOf<'equals'>): Problem {
  const numbers = Object.entries(problem.case.options).filter(([name]) => name in (other.options ?? {}));
  const c: Case = {
    ...untransformed(problem.case),
    operator: other.name,
    mask: mask === undefined ? problem.case.mask : { name: mask },
    options: options ?? Object.fromEntries(numbers),
  };
  const inputs = Object.entries(problem.inputs).filter(([name]) => name in inputsOf(other));
  return { ...context.problem(c), inputs: Object.fromEntries(inputs) };
}
