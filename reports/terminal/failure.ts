import type { Colors } from 'picocolors/types.js';
import type { CheckResult } from '../../spec/types/documents.js';
import type { ReportContext } from '../reporter.js';
import { describeFailure } from '../result/describe-failure.js';
import { isFailure } from '../result/result.js';
import { describeCase } from '../text/describe-case.js';

/** Describes one failure in full. */
export function failureBlock(check: CheckResult, context: ReportContext, colors: Colors): string {
  const head = `${(check.verdict === 'pass' ? colors.green : isFailure(check) ? colors.red : String)(check.verdict)} ${check.adapter}::${check.id}${check.class ? `  (${check.class})` : ''}`;
  return [head, ...describeFailure(check, context).map((line) => `  ${line}`)].join('\n');
}

export function failedLine(check: CheckResult): string {
  const minimal = check.failure ? `: ${describeCase(check.failure.case)}` : '';
  return `${check.verdict} ${check.adapter}::${check.id}${check.class ? ` (${check.class})` : ''}${minimal}`;
}
