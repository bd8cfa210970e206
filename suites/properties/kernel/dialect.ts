import { type Dialect, type DialectAxis, dialectFlags, fullDialect } from '../../../spec/dialect.js';
import type { FailJudgement, JudgeContext, Property } from '../../contract/property.js';
import { type Oracle, problemUnder } from '../../diagnosis/dialect/candidate.js';
import { deviates, type Evidence, type Finding } from '../../diagnosis/dialect/finding.js';
import { inferDialect } from '../../diagnosis/dialect/infer.js';
import { planDialect, tellsDialect } from '../../diagnosis/dialect/plan.js';
import { isAskedOf } from '../../diagnosis/dialect/questions.js';
import { isWithin } from '../../diagnosis/hints/fits.js';
import { diagnosisFor } from '../../diagnosis/hints/hints.js';
import { toJsonNumber } from '../../judging/json-number.js';

const defaults = fullDialect();

/** The kernel follows its declared or default conventions. The calls do not depend on the case. */
export const dialect: Property = {
  name: 'dialect',
  title: 'the conventions (alignment, empty rows, LSE base, …) are the declared ones',
  perMask: false,
  perFeature: false,
  needs: {},
  cases: 1,
  fixedCalls: true,
  speaksOf: isAskedOf,
  unsupported: (capabilities) =>
    tellsDialect(capabilities, capabilities.dtypes[0]) ? undefined : 'none of its conventions can be inferred from a call',
  calls: (c, { capabilities }) => [...planDialect(capabilities, c.dtype).calls],
  judge: (context) => {
    const plan = planDialect(context.claims.capabilities, context.case.dtype);
    const answers = context.results.map((outputs) => ({ outputs }));
    const oracle: Oracle = {
      claims: context.claims,
      problem: (c) => context.problem(c),
      evaluate: (problem) => context.evaluate(problem, false),
    };
    const wrong = inferDialect(plan, answers, oracle).filter(deviates);
    return wrong.length === 0 ? { status: 'pass' } : { ...failureOf(wrong), ...explain(context, wrong, oracle) };
  },
};

/** Explains calls that the observed conventions leave wrong: one output may hide another fault. */
function explain(context: JudgeContext, findings: readonly Finding[], oracle: Oracle): Pick<FailJudgement, 'diagnosis'> {
  if (!context.diagnosing) return {};
  const seen = seenIn(findings);
  const asked = new Set(findings.flatMap(({ evidence }) => evidence.map(({ call }) => call)));
  const wrong = [...asked].filter((call) => {
    const { case: c } = context.calls[call];
    const problem = problemUnder(oracle, c, { ...context.problem(c).dialect, ...seen });
    return !isWithin(problem, oracle.evaluate(problem), context.results[call]);
  });
  const { diagnosis } = diagnosisFor(context, wrong);
  return diagnosis ? { diagnosis } : {};
}

function failureOf(findings: readonly Finding[]): FailJudgement {
  const { call, element } = reported(findings[0]);
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
    dialect: seenIn(findings),
    call,
  };
}

function reported({ evidence }: Finding): Evidence {
  return evidence.find(({ fits }) => fits.length > 0) ?? evidence[0];
}

function describe(finding: Finding): string {
  const { axis, values, declared, reason, evidence } = finding;
  const further = evidence.length - 1;
  const more = further > 0 ? `; attn-cts probe shows ${further} further readings` : '';
  const seen = `${reported(finding).text}${more}`;
  if (values.length === 0) return `${axis} could not be inferred: ${reason} (${seen})`;
  return `${axis} is ${values.join(' or ')}, but ${declaredOf(axis, declared)} (${seen})`;
}

function declaredOf(axis: DialectAxis, value: string): string {
  return value === defaults[axis] ? `the default is ${value}` : `the kernel declares ${value}`;
}

function seenIn(findings: readonly Finding[]): Dialect {
  return Object.fromEntries(findings.flatMap(({ axis, values }) => (values.length > 0 ? [[axis, values[0]]] : [])));
}

function hintOf(findings: readonly Finding[]): Pick<FailJudgement, 'hint'> {
  const flags = dialectFlags(seenIn(findings));
  return flags === '' ? {} : { hint: `if this is intended, declare it with ${flags}` };
}
