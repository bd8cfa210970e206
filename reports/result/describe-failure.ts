import { overBound, ratioText } from '../../spec/numeric/over-bound.js';
import type { CheckResult, FailureSummary, JsonNumber, WorstCase } from '../../spec/types/documents.js';
import type { ReportContext } from '../reporter.js';
import { describeCase, describeSizes, describeWorst } from '../text/describe-case.js';
import { describeCall, tensorLines } from '../text/describe-tensors.js';
import { replayLine } from '../text/replay-line.js';
import { openText } from './explanations.js';

/** Describes a failed check in labelled lines; without a failure, returns its reason. */
export function describeFailure(check: CheckResult, context: ReportContext): string[] {
  const { failure } = check;
  if (!failure) return check.reason ? [check.reason] : [];
  const { worst, call, tensors } = failure;
  return [
    ...hintLine(check),
    ...caseLines(check, failure),
    ...whereLines(failure),
    ...(call ? [`call      ${describeCall(call, failure.case)}`] : []),
    ...(tensors ? aligned(tensorLines(tensors)) : []),
    ...(worst ? [`${isWorse(worst, failure) ? 'worst' : 'first'}     ${describeWorst(worst)}`] : []),
    ...endLines(check, failure, context),
  ];
}

/** Describes the cause of a failed check and its reproduction, as some lines of describeFailure. */
export function describeBriefly(check: CheckResult, context: ReportContext): string[] {
  const { failure } = check;
  if (!failure) return check.reason ? [check.reason] : [];
  const briefly = { ...check, failure: { ...failure, message: firstLine(failure.message) } };
  return [...hintLine(check), ...caseLines(briefly, briefly.failure), ...whereLines(failure), ...endLines(check, failure, context)];
}

function hintLine(check: CheckResult): string[] {
  const hint = check.failure?.hint;
  if (hint) return [`hint      ${indent(hint)}`];
  const open = openText(check);
  return open === undefined ? [] : [`cause     ${indent(open)}`];
}

function whereLines({ where, weights }: FailureSummary): string[] {
  return [...(where ? [`where     ${where}`] : []), ...(weights ? [`weights   ${weights}`] : [])];
}

function caseLines({ reason }: CheckResult, failure: FailureSummary): string[] {
  const { message = reason, passesWith } = failure;
  const place = placeOf(failure);
  return [
    `case      ${describeCase(failure.case)}`,
    ...(passesWith ? [`passes    ${describeSizes(passesWith)}`] : []),
    // a message that starts with the worst element includes its numbers
    ...(place !== undefined && !message?.startsWith(place) ? [`at        ${place}: ${worstElement(failure)}`] : []),
    ...(message ? [`message   ${indent(message)}`] : []),
  ];
}

function endLines({ adapter, id }: CheckResult, { reproduced, folder, case: c }: FailureSummary, context: ReportContext): string[] {
  return [
    ...(reproduced >= 0 && reproduced < 5 ? [`flaky     failed again in ${reproduced} of 5 further runs`] : []),
    ...(folder ? [`replay    ${replayLine(adapter, folder, context, { id, case: c })}`] : []),
  ];
}

function firstLine(text: string | undefined): string | undefined {
  return text?.trim().split('\n', 1)[0];
}

function aligned(lines: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(9, ...lines.map(([name]) => name.length));
  return lines.map(([name, text]) => `${name.padEnd(width)} ${text}`);
}

function isWorse(worst: WorstCase, smallest: FailureSummary): boolean {
  return (overBound(worst) ?? 0) > (overBound(smallest) ?? 0);
}

function placeOf({ output, index }: FailureSummary): string | undefined {
  return output && `${output}${index ? `[${index.join(', ')}]` : ''}`;
}

function worstElement(element: FailureSummary): string {
  const { expected, actual, bound } = element;
  const ratio = overBound(element) ?? Infinity;
  const judged = bound === undefined ? '' : `, bound ${show(bound)}${ratio === Infinity ? '' : `, error ÷ bound ${ratioText(ratio)}`}`;
  return `expected ${show(expected)}, actual ${show(actual)}${judged}`;
}

function show(value: JsonNumber | undefined): string {
  if (Object.is(value, -0)) return '-0';
  return value === undefined ? 'nothing' : typeof value === 'number' ? String(Number(value.toPrecision(9))) : value;
}

function indent(text: string): string {
  return text.trim().replaceAll('\n', `\n${' '.repeat(12)}`);
}
