import junitReportBuilder, { type Builder, type TestCase } from 'junit-report-builder';
import type { CheckResult } from '../spec/types/documents.js';
import { describeCase } from './describe-case.js';
import { replayLine } from './replay-line.js';
import type { ReportContext, Reporter } from './reporter.js';
import { isExpectedFailure, isFailure, isUnexpectedPass } from './result.js';

// Its types describe an ES module; what it exports is the builder itself.
const junitReport = junitReportBuilder as unknown as Builder;

/** For CI: an adapter is a suite, a check a test case. What was not asked, and what failed as expected, is skipped. */
export const junit: Reporter = {
  name: 'junit',
  title: 'JUnit XML',
  report(result, context) {
    const builder = junitReport.newBuilder().name('attention-cts');
    for (const adapter of result.adapters) {
      const suite = builder.testSuite().name(text(adapter.id)).timestamp(result.started);
      for (const [key, value] of Object.entries(adapter.environment)) suite.property(text(key), text(value));
      const checks = result.checks.filter((c) => c.adapter === adapter.id);
      if (checks.length === 0 && adapter.unavailable) {
        skip(
          suite.testCase().className(text(adapter.id)).name('open'),
          `${adapter.unavailable.reason}; remedy: ${adapter.unavailable.remedy}`,
        );
      }
      for (const check of checks) {
        const testCase = suite
          .testCase()
          .className(text(adapter.id))
          .name(text(check.id))
          .time(Math.round(check.milliseconds) / 1000);
        judge(testCase, check, context);
      }
    }
    return `${builder.build()}\n`;
  },
};

function judge(testCase: TestCase, check: CheckResult, context: ReportContext): void {
  if (isUnexpectedPass(check)) testCase.failure('expected to fail, but passed', 'unexpected-pass');
  else if (isExpectedFailure(check)) skip(testCase, `expected failure: ${details(check, context)}`);
  else if (isFailure(check)) {
    testCase.failure(text(check.failure?.message ?? check.reason ?? check.verdict), text(check.class ?? check.verdict));
    testCase.standardOutput(text(details(check, context)));
  } else if (check.verdict === 'error') testCase.error(text(check.reason ?? 'error'), text(check.class ?? 'error'));
  else if (check.verdict !== 'pass') skip(testCase, `${check.verdict}: ${check.reason ?? 'not claimed'}`);
}

function skip(testCase: TestCase, why: string): void {
  testCase.skipped().standardOutput(text(why));
}

function details(check: CheckResult, context: ReportContext): string {
  const { failure } = check;
  if (!failure) return check.reason ?? check.verdict;
  const element = failure.output
    ? `${failure.output}[${(failure.index ?? []).join(', ')}]: expected ${failure.expected}, actual ${failure.actual}, bound ${failure.bound}`
    : '';
  const lines = [
    check.class,
    failure.message,
    `case: ${describeCase(failure.case)}`,
    element,
    failure.hint,
    failure.folder && replayLine(check.adapter, failure.folder, context),
  ];
  return lines.filter(Boolean).join('\n');
}

/** Without the characters (lone surrogates too) that XML 1.0 has no way to write, and without the end of a CDATA section. */
function text(value: string): string {
  return value.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD').replaceAll(']]>', ']] >');
}
