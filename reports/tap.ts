import { finish, start, test } from 'supertap';
import type { CheckResult } from '../spec/types/documents.js';
import type { ReportContext, Reporter } from './reporter.js';
import { describeFailure } from './result/describe-failure.js';
import { withSharedHints } from './result/explanations.js';
import { outcomeOf, reasonOf, unopenedAdapters } from './result/result.js';
import { clip, plainLine, printable } from './text/plain-text.js';

/** Writes checks as test points; expected failures are TODO, unjudged checks SKIP. */
export const tap: Reporter = {
  name: 'tap',
  title: 'TAP 13',
  report(given, context) {
    const result = printable(given);
    const count = { passed: 0, failed: 0, skipped: 0, todo: 0 };
    let index = 0;
    const points = [
      ...withSharedHints(result.checks).map((check) => {
        index++;
        count[counterOf(check)]++;
        return pointOf(check, index, context);
      }),
      ...unopenedAdapters(result).map(({ id, reason }) => {
        index++;
        count.skipped++;
        return skipped(`${id}::open`, index, reason);
      }),
    ];
    return [start(), ...points, finish(count).trimStart()].join('\n');
  },
};

type Counter = 'passed' | 'failed' | 'skipped' | 'todo';

function counterOf(check: CheckResult): Counter {
  const outcome = outcomeOf(check);
  return outcome === 'pass' ? 'passed' : outcome === 'skipped' ? 'skipped' : outcome === 'expected-failure' ? 'todo' : 'failed';
}

function pointOf(check: CheckResult, index: number, context: ReportContext): string {
  const title = `${check.adapter}::${check.id}`;
  switch (counterOf(check)) {
    case 'passed':
      return test(inLine(title), { index, passed: true, comment: [] });
    case 'skipped':
      return skipped(title, index, reasonOf(check));
    case 'todo':
      return `${test(inLine(title), { index, todo: true, comment: [] })} expected failure: ${inLine(reasonOf(check))}`;
    case 'failed':
      return test(inLine(title), { index, passed: false, error: diagnostic(check, context), comment: [] });
  }
}

function skipped(title: string, index: number, reason: string): string {
  return `${test(inLine(title), { index, skip: true, comment: [] })} ${inLine(reason)}`;
}

function diagnostic(check: CheckResult, context: ReportContext): Record<string, string | string[]> {
  return {
    message: reasonOf(check),
    severity: check.verdict,
    ...(check.class && { class: check.class }),
    // a list, because YAML would fold the replay line in a text
    ...(check.failure && outcomeOf(check) === 'failure' && { details: describeFailure(check, context) }),
  };
}

/** Escapes a line so that it begins no directive. */
function inLine(text: string): string {
  return clip(plainLine(text), 500).replaceAll('\\', '\\\\').replaceAll('#', '\\#');
}
