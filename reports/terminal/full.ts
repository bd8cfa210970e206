import type { Colors } from 'picocolors/types.js';
import type { CheckResult, Result } from '../../spec/types/documents.js';
import type { ReportContext } from '../reporter.js';
import { causesOf } from '../result/causes.js';
import { isExpectedFailure, outcomeOf } from '../result/result.js';
import { summarize } from '../result/summarize.js';
import { groupUnjudged, unjudgedLine } from '../result/unjudged.js';
import { commandOf, fileOf, replayLine } from '../text/replay-line.js';
import { adapterSections } from './adapters.js';
import { causeLines } from './cause.js';
import { failedLine } from './failure.js';
import { matrix } from './matrix.js';
import { notesOf } from './notes.js';

/** Report for `--verbose`: each cause with its smallest case in full, and all its checks. */
export function fullReport(result: Result, context: ReportContext, colors: Colors): string {
  const fresh = result.checks.filter((c) => outcomeOf(c) === 'failure');
  const causes = causesOf(fresh).map((cause) =>
    [...causeLines(cause, 'full', context, colors), ...cause.others.map((check) => `    ${failedLine(check)}`)].join('\n'),
  );
  const sections = [
    matrix(result, colors),
    section('Adapters', adapterSections(result)),
    section('Expected failures', result.checks.filter(isExpectedFailure).map(failedLine).join('\n')),
    section('Failures', [...causes, ...pictures(fresh, context)].join('\n\n')),
    ...notesOf(result, context).map(({ title, entries }) =>
      section(title, title === 'Inconclusive' ? unjudged(result.checks, context) : entries.join('\n')),
    ),
    `${[summarize(result), ...unjudgedLine(result)].join('\n')}\n`,
  ];
  return sections.filter((s) => s !== '').join('\n');
}

function section(title: string, body: string): string {
  return body === '' ? '' : `${title}\n${body.replace(/^(?=.)/gm, '  ')}\n`;
}

/** Returns the command for a report with pictures, if there are failure folders. */
function pictures(failures: readonly CheckResult[], context: ReportContext): string[] {
  return failures.some((c) => c.failure?.folder)
    ? [`for a report with pictures: ${commandOf(context)} report ${fileOf(context, 'result.json')}`]
    : [];
}

function unjudged(checks: readonly CheckResult[], context: ReportContext): string {
  return groupUnjudged(checks)
    .map(({ what, checks: [first], where }) => {
      const { adapter, id, failure } = first;
      const replay = failure?.folder ? `\n  replay ${replayLine(adapter, failure.folder, context, { id, case: failure.case })}` : '';
      return `${what} (${where})${replay}`;
    })
    .join('\n');
}
