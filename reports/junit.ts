import junitReportBuilder, { type Builder, type TestCase } from 'junit-report-builder';
import type { CheckResult } from '../spec/types/documents.js';
import type { ReportContext, Reporter } from './reporter.js';
import { describeFailure } from './result/describe-failure.js';
import { withSharedHints } from './result/explanations.js';
import { groupBy, outcomeOf, reasonOf, unopenedAdapters } from './result/result.js';
import { printable } from './text/plain-text.js';

// its types describe an ES module, but it exports the builder itself
const junitReport = junitReportBuilder as unknown as Builder;

/** Writes adapters as suites; unjudged checks and expected failures are skipped. */
export const junit: Reporter = {
  name: 'junit',
  title: 'JUnit XML',
  report(given, context) {
    const result = printable(given);
    const builder = junitReport.newBuilder().name('attention-cts');
    const unopened = new Map(unopenedAdapters(result).map(({ id, reason }) => [id, reason]));
    const byAdapter = groupBy(withSharedHints(result.checks), (c) => c.adapter);
    for (const adapter of result.adapters) {
      const suite = builder.testSuite().name(text(adapter.id)).timestamp(text(result.started));
      for (const [key, value] of Object.entries(adapter.environment)) suite.property(text(key), text(value));
      const why = unopened.get(adapter.id);
      if (why !== undefined) skip(suite.testCase().className(text(adapter.id)).name('open'), why);
      for (const check of byAdapter.get(adapter.id) ?? []) {
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
  const outcome = outcomeOf(check);
  const type = text(check.class ?? check.verdict);
  if (outcome === 'unexpected-pass') testCase.failure(reasonOf(check), outcome);
  else if (outcome === 'expected-failure') skip(testCase, `expected failure: ${details(check, context)}`);
  else if (outcome === 'failure') {
    testCase.failure(text(reasonOf(check)), type);
    testCase.standardOutput(text(details(check, context)));
  } else if (outcome === 'error') testCase.error(text(reasonOf(check)), type);
  else if (outcome === 'skipped') skip(testCase, reasonOf(check));
}

function skip(testCase: TestCase, why: string): void {
  testCase.skipped().standardOutput(text(why));
}

function details(check: CheckResult, context: ReportContext): string {
  return [check.class ?? check.verdict, ...describeFailure(check, context)].join('\n');
}

/** Escapes the end of a CDATA section; `printable` has replaced characters that XML 1.0 forbids. */
function text(value: string): string {
  return value.replaceAll(']]>', ']] >');
}
