import type { DialectAxis, FullDialect } from '../../../spec/dialect.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import { unravel } from '../../judging/compared.js';
import { candidatesOf, type Oracle, problemUnder } from './candidate.js';
import { contradictionOf, describePoisoned, describeReading, describeRefusal } from './describe.js';
import type { Evidence, Finding, ProbeAnswer, TellingElement } from './finding.js';
import type { AxisPlan, DialectPlan } from './plan.js';
import { type Question, questions } from './questions.js';
import { rangeAt } from './range.js';
import { readOutput } from './reading.js';

/**
 * Infers whether NaN in hidden keys and values reaches the output; one leak anywhere counts. A
 * kernel disturbed by large numbers there sees hidden keys, so its NaN is no evidence.
 * @param calls triples: a clean call, one with large numbers, one with NaN.
 */
function maskedNaN(
  plan: DialectPlan,
  calls: readonly number[],
  answers: readonly ProbeAnswer[],
  oracle: Oracle,
  dialect: FullDialect,
): Pick<Finding, 'status' | 'values' | 'reason' | 'evidence'> {
  const evidence: Evidence[] = [];
  for (let x = 0; x < calls.length; x += 3) {
    const [clean, large, poisoned] = calls.slice(x, x + 3);
    const seen = readPair(plan, clean, large, answers, oracle, dialect);
    const sees = seen.fits[0] !== 'shielded' && seen.element !== undefined;
    evidence.push(sees ? { ...seen, fits: [] } : readPair(plan, clean, poisoned, answers, oracle, dialect));
  }
  const speaking = evidence.filter(({ fits }) => fits.length > 0);
  if (speaking.length === 0)
    return {
      status: 'not-inferred',
      values: [],
      reason: 'with NaN or large numbers in hidden keys its answers neither stay the same nor become NaN',
      evidence,
    };
  const leaks = speaking.some(({ fits }) => fits[0] === 'leaks');
  const differs = leaks && speaking.some(({ fits }) => fits[0] === 'shielded');
  return {
    status: 'inferred',
    values: [leaks ? 'leaks' : 'shielded'],
    ...(differs && { reason: `${contradictionOf(plan, speaking)}; one leak decides` }),
    evidence,
  };
}

function readPair(
  plan: DialectPlan,
  clean: number,
  poisoned: number,
  answers: readonly ProbeAnswer[],
  oracle: Oracle,
  dialect: FullDialect,
): Evidence {
  const c = plan.calls[poisoned].case;
  const [without, having] = [answers[clean], answers[poisoned]];
  if ('refused' in without) return { call: clean, text: describeRefusal(plan.calls[clean].case, without.refused), fits: [] };
  if ('refused' in having) return { call: poisoned, text: describeRefusal(c, having.refused), fits: [] };
  // an element with another range under the poison is not hidden, and skipped
  const problem = problemUnder(oracle, c, dialect);
  const expectation = oracle.evaluate(problem);
  const plain = problemUnder(oracle, plan.calls[clean].case, dialect);
  const untouched = oracle.evaluate(plain);
  let same: TellingElement | undefined;
  let changed: TellingElement | undefined;
  for (const [output, tensor] of Object.entries(having.outputs)) {
    const [before, after] = [valuesOf(without.outputs[output]), valuesOf(tensor)];
    for (let at = 0; at < after.length; at++) {
      const range = rangeAt(problem, expectation, output, at, tensor.dtype as DType);
      if (range === undefined || range === 'nan' || !Number.isFinite(before[at])) continue;
      const usual = rangeAt(plain, untouched, output, at, tensor.dtype as DType);
      if (usual === undefined || usual === 'nan' || usual.low !== range.low || usual.high !== range.high) continue;
      const element = { output, index: unravel(at, tensor.shape), expected: before[at], actual: after[at] };
      if (Number.isNaN(after[at])) return { call: poisoned, element, text: describePoisoned(c, element, true), fits: ['leaks'] };
      // two answers within the bound of one exact value differ by at most its range
      if (Object.is(before[at], after[at]) || Math.abs(before[at] - after[at]) <= range.high - range.low) same ??= element;
      else changed ??= element;
    }
  }
  if (changed) return { call: poisoned, element: changed, text: describePoisoned(c, changed, true), fits: [] };
  if (same) return { call: poisoned, element: same, text: describePoisoned(c, same, false), fits: ['shielded'] };
  return { call: poisoned, text: describeRefusal(c, 'no answer is finite without the NaN'), fits: [] };
}

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
  return `one answer is ${values.join(' or ')}, but ${other}: it is wrong in another way`;
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
    return { status: 'not-asked', values: [], reason: 'with its other conventions, its answers do not depend on this one' };
  const speaking = evidence.filter(({ fits }) => fits.length > 0);
  if (speaking.length === 0) return { status: 'not-inferred', values: [], reason: `no answer fits any value of ${axis}` };
  const values = speaking.reduce<readonly string[]>((left, { fits }) => left.filter((value) => fits.includes(value)), speaking[0].fits);
  if (values.length === 0) return { status: 'not-inferred', values, reason: contradictionOf(plan, speaking) };
  return { status: 'inferred', values };
}
