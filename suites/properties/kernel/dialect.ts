import { type DialectAxis, fullDialect } from '../../../spec/dialect.js';
import { deviates, type Finding } from '../../diagnosis/dialect/finding.js';
import { inferDialect } from '../../diagnosis/dialect/infer.js';
import { planDialect } from '../../diagnosis/dialect/plan.js';
import { toJsonNumber } from '../../judging/json-number.js';
import type { FailJudgement, Property } from '../property.js';

const defaults = fullDialect();

/** The kernel fills in what the field leaves open as it declares, or as the defaults are: read from calls made for that, whatever is drawn. */
export const dialect: Property = {
  name: 'dialect',
  title: 'behaviour that the field leaves open is as declared',
  perMask: false,
  perFeature: false,
  needs: {},
  cases: 1,
  unsupported: (capabilities) =>
    planDialect(capabilities, capabilities.dtypes[0]).calls.length > 0 ? undefined : 'it has no axis that a call would tell',
  calls: (c, { capabilities }) => [...planDialect(capabilities, c.dtype).calls],
  judge: (context) => {
    const plan = planDialect(context.claims.capabilities, context.case.dtype);
    const answers = context.results.map((outputs) => ({ outputs }));
    const found = inferDialect(plan, answers, {
      claims: context.claims,
      problem: (c) => context.problem(c),
      evaluate: (problem) => context.evaluate(problem, false),
    });
    const wrong = found.filter(deviates);
    return wrong.length === 0 ? { status: 'pass' } : failureOf(wrong);
  },
};

function failureOf(findings: readonly Finding[]): FailJudgement {
  const [{ evidence }] = findings;
  const { call, element } = evidence.find(({ fits }) => fits.length > 0) ?? evidence[0];
  return {
    status: 'fail',
    class: 'dialect',
    ...(element && {
      output: element.output,
      index: element.index,
      expected: toJsonNumber(element.expected),
      actual: toJsonNumber(element.actual),
    }),
    message: findings.map(describe).join('. '),
    ...hintOf(findings),
    call,
  };
}

function describe({ axis, values, declared, reason, evidence }: Finding): string {
  const seen = evidence.map(({ text }) => text).join(' | ');
  if (values.length === 0) return `${axis} could not be inferred: ${reason} (${seen})`;
  return `${axis} is ${values.join(' or ')}, not ${declared}, the ${declaredAs(axis, declared)} (${seen})`;
}

function declaredAs(axis: DialectAxis, value: string): string {
  return value === defaults[axis] ? 'default' : 'declaration';
}

/** The flags that would declare what was seen. */
function hintOf(findings: readonly Finding[]): Pick<FailJudgement, 'hint'> {
  const flags = findings.filter(({ values }) => values.length > 0).map(({ axis, values }) => `--dialect ${axis}=${values[0]}`);
  return flags.length === 0 ? {} : { hint: `${flags.join(' ')} would declare it` };
}
