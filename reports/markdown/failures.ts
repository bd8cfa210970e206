import type { CheckResult } from '../../spec/types/documents.js';
import type { ReportContext } from '../reporter.js';
import { describeFailure } from '../text/describe-failure.js';
import { code, fenced, folded } from './escape.js';

/** One failure: its place and class, what was computed, the line that runs it again, and the minimal case as JSON. */
export function failureSection(check: CheckResult, context: ReportContext): string {
  return [
    `#### ❌ ${nameOf(check)} ${check.verdict}${check.class ? `, ${code(check.class)}` : ''}`,
    fenced(describeFailure(check, context).join('\n') || check.verdict),
    ...(check.failure ? [folded('the minimal case as JSON', fenced(JSON.stringify(check.failure.case), 'json'))] : []),
  ].join('\n\n');
}

/** One that the expectations file names, in one line. */
export function expectedItem(check: CheckResult): string {
  const message = check.failure?.message ?? check.reason;
  return `- ${nameOf(check)} ${check.verdict}${check.class ? `, ${code(check.class)}` : ''}${message ? `: ${code(message)}` : ''}`;
}

export function nameOf({ adapter, id }: CheckResult): string {
  return code(`${adapter}::${id}`);
}
