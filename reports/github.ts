import type { CheckResult, Result } from '../spec/types/documents.js';
import type { ReportContext, Reporter } from './reporter.js';
import { describeFailure } from './result/describe-failure.js';
import { withSharedHints } from './result/explanations.js';
import { outcomeOf, reasonOf } from './result/result.js';
import { summarize } from './result/summarize.js';
import { groupUnjudged } from './result/unjudged.js';
import { warningLines } from './terminal/warnings.js';
import { clip, plainText } from './text/plain-text.js';
import { everyLocation, type SourceLocation } from './text/source-location.js';

/** GitHub shows ten annotations of each level per step, and drops the rest silently. */
const shown = 10;
const longest = 4000;

/** Annotates failures as errors, unjudged checks and accuracy as warnings, totals as notice. */
export const github: Reporter = {
  name: 'github',
  title: 'annotations of GitHub Actions',
  report(result, context) {
    const locationOf = everyLocation(result.adapters, context);
    const annotate = (c: CheckResult) => annotation('error', titleOf(c), textOf(c, context), locationOf(c.adapter));
    const errors = withSharedHints(result.checks)
      .filter((c) => ['failure', 'unexpected-pass'].includes(outcomeOf(c)))
      .map(annotate);
    return [
      ...limited('error', errors),
      ...limited('warning', warningsOf(result, locationOf)),
      annotation('notice', 'attention-cts', summarize(result)),
      '',
    ].join('\n');
  },
};

type Level = 'error' | 'warning' | 'notice';

function limited(level: Level, lines: readonly string[]): string[] {
  if (lines.length <= shown) return [...lines];
  const text = `${lines.length - shown + 1} more annotations, of ${lines.length} in all: GitHub shows only ${shown} for each step; the result document has all of them`;
  return [...lines.slice(0, shown - 1), annotation(level, 'attention-cts', text)];
}

function warningsOf(result: Result, locationOf: (adapter: string) => SourceLocation): string[] {
  return [
    ...groupUnjudged(result.checks).map(({ what, where, checks: [{ adapter }] }) =>
      annotation('warning', 'inconclusive', `${what} (${where})`, locationOf(adapter)),
    ),
    ...warningLines(result).map((line) => annotation('warning', 'accuracy', line)),
  ];
}

function titleOf({ adapter, id, class: failureClass }: CheckResult): string {
  return `${adapter}::${id}${failureClass ? ` (${failureClass})` : ''}`;
}

function textOf(check: CheckResult, context: ReportContext): string {
  const lines = outcomeOf(check) === 'failure' ? describeFailure(check, context) : [];
  return lines.length > 0 ? lines.join('\n') : reasonOf(check);
}

function annotation(level: Level, title: string, text: string, location?: SourceLocation): string {
  const properties = { ...(location && { file: location.file, line: String(location.line) }), title };
  const written = Object.entries(properties).map(
    ([key, value]) =>
      `${key}=${escapeData(clip(plainText(value), 500))
        .replaceAll(':', '%3A')
        .replaceAll(',', '%2C')}`,
  );
  return `::${level} ${written.join(',')}::${escapeData(clip(plainText(text), longest))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
