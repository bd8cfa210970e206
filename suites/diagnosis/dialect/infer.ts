import type { DialectAxis, FullDialect } from '../../../spec/dialect.js';
import { candidatesOf, type Oracle } from './candidate.js';
import { contradictionOf, describeReading, describeRefusal } from './describe.js';
import type { Evidence, Finding, ProbeAnswer } from './finding.js';
import { maskedNaN } from './masked-nan.js';
import type { AxisPlan, DialectPlan } from './plan.js';
import { type Question, questions } from './questions.js';
import { readOutput } from './reading.js';

/** Infers every axis in the plan's order. */
export function inferDialect(plan: DialectPlan, answers: readonly ProbeAnswer[], oracle: Oracle): Finding[] {
  // later axes are read with the values of earlier ones
  let dialect: FullDialect = oracle.claims.capabilities.dialect;
  const findings = plan.axes.map((asked) => {
    const finding = inferAxis(plan, asked, answers, oracle, dialect);
    if (finding.status === 'inferred' && !finding.values.includes(finding.declared))
      dialect = { ...dialect, [finding.axis]: finding.values[0] };
    return finding;
  });
  return findings.map((finding, x) => confirmed(finding, plan, plan.axes[x], answers, oracle, dialect));
}

function inferAxis(plan: DialectPlan, asked: AxisPlan, answers: readonly ProbeAnswer[], oracle: Oracle, dialect: FullDialect): Finding {
  const { axis, notAsked } = asked;
  const declared: string = oracle.claims.capabilities.dialect[axis];
  if (notAsked !== undefined) return { axis, status: 'not-asked', values: [], declared, reason: notAsked, evidence: [] };
  if (axis === 'maskedNaN') return { axis, declared, ...maskedNaN(plan, asked.calls, answers, oracle, dialect) };
  const question = questions.find((q) => q.axis === axis) as Question;
  const evidence = asked.calls.flatMap((call) => readCall(plan, call, answers[call], question, oracle, dialect));
  return { axis, declared, evidence, ...conclude(plan, axis, evidence) };
}

/** Requires a value other than the declared one to fit the answered confirming calls as well. */
function confirmed(
  finding: Finding,
  plan: DialectPlan,
  { axis, confirming = [] }: AxisPlan,
  answers: readonly ProbeAnswer[],
  oracle: Oracle,
  dialect: FullDialect,
): Finding {
  const { status, values, declared, evidence } = finding;
  if (status !== 'inferred' || values.includes(declared) || confirming.length === 0) return finding;
  const question = questions.find((q) => q.axis === axis) as Question;
  const further = confirming.flatMap((call) => readCall(plan, call, answers[call], question, oracle, dialect));
  const all = [...evidence, ...further];
  const doubted = further.find(({ element, fits }) => element && !values.some((value) => fits.includes(value)));
  if (!doubted) return { ...finding, evidence: all };
  return { axis, status: 'not-inferred', values: [], declared, reason: doubtOf(values, doubted), evidence: all };
}

function doubtOf(values: readonly string[], { fits }: Evidence): string {
  const other = fits.length === 0 ? 'another fits no value' : `another is ${fits.join(' or ')}`;
  return `one answer is ${values.join(' or ')}, but ${other}: it is wrong in some other way`;
}

function readCall(
  plan: DialectPlan,
  call: number,
  answer: ProbeAnswer,
  { axis, outputs, rows }: Question,
  oracle: Oracle,
  dialect: FullDialect,
): Evidence[] {
  const { case: c } = plan.calls[call];
  if ('refused' in answer) return [{ call, text: describeRefusal(c, answer.refused), fits: [] }];
  const candidates = candidatesOf(oracle, c, axis, dialect);
  return outputs.flatMap((output) => {
    const reading = answer.outputs[output] && readOutput(candidates, output, answer.outputs, rows);
    if (!reading) return [];
    const { index, actual, fits } = reading;
    const expected = reading.would[candidates.findIndex(({ value }) => value === oracle.claims.capabilities.dialect[axis])][1];
    return [{ call, element: { output, index, expected, actual }, text: describeReading(c, reading), fits }];
  });
}

/** Ignores answers that fit no value: they may be wrong in another way. The rest must agree. */
function conclude(plan: DialectPlan, axis: DialectAxis, evidence: readonly Evidence[]): Pick<Finding, 'status' | 'values' | 'reason'> {
  if (evidence.length === 0)
    return { status: 'not-asked', values: [], reason: 'with what else it was seen to do, its answers do not depend on it' };
  const speaking = evidence.filter(({ fits }) => fits.length > 0);
  if (speaking.length === 0) return { status: 'not-inferred', values: [], reason: `no answer fits any value of ${axis}` };
  const values = speaking.reduce<readonly string[]>((left, { fits }) => left.filter((value) => fits.includes(value)), speaking[0].fits);
  if (values.length === 0) return { status: 'not-inferred', values, reason: contradictionOf(plan, speaking) };
  return { status: 'inferred', values };
}
