import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import type { CheckResult, Result } from '../../spec/types/documents.js';
import type { ReportContext, Reporter } from '../reporter.js';
import { causesOf } from '../result/causes.js';
import {
  availableAdapters,
  groupBy,
  isExpectedFailure,
  isFailure,
  isUnexpectedPass,
  outcomeOf,
  propertiesOf,
  segmentsOf,
} from '../result/result.js';
import { summarize } from '../result/summarize.js';
import { groupUnjudged, unjudgedLine } from '../result/unjudged.js';
import { printable } from '../text/plain-text.js';
import { commandOf, fileOf, replayLine } from '../text/replay-line.js';
import { formatTable } from '../text/table.js';
import { adapterSections } from './adapters.js';
import { causeLines } from './cause.js';
import { failedLine } from './failure.js';
import { notesOf } from './notes.js';
import { shortReport } from './short.js';

/** Table of adapters × properties, with passed of all supported checks. */
function matrix(result: Result, colors: Colors): string {
  const properties = propertiesOf(result);
  if (properties.length === 0) return '';
  const rows: string[][] = [];
  for (const adapter of availableAdapters(result)) {
    const checks = groupBy(
      result.checks.filter((c) => c.adapter === adapter.id),
      (c) => segmentsOf(c.id).property,
    );
    if (checks.size > 0) rows.push([adapter.id, ...properties.map((p) => cell(checks.get(p) ?? [], colors))]);
  }
  const table = formatTable(['', ...properties], rows, ['left', ...properties.map(() => 'right' as const)]);
  return `${table}\npassed/run checks. –: not claimed by the adapter; *: all failures are expected; ?: some checks are inconclusive\n`;
}

function cell(checks: readonly CheckResult[], colors: Colors): string {
  const asked = checks.filter((c) => c.verdict !== 'unsupported');
  if (asked.length === 0) return '–';
  const count = (test: (c: CheckResult) => boolean) => asked.filter(test).length;
  const passed = count((c) => c.verdict === 'pass');
  const failures = count(isFailure);
  const expected = count(isExpectedFailure);
  const unjudged = asked.length - passed - failures;
  const text = `${passed}/${asked.length}${failures > 0 && failures === expected ? '*' : ''}${unjudged > 0 ? '?' : ''}`;
  if (failures > expected || asked.some(isUnexpectedPass)) return colors.red(text);
  return passed === asked.length ? colors.green(text) : text;
}

/** Report for `--verbose`: each cause with its smallest case in full, and all its checks. */
function fullReport(result: Result, context: ReportContext, colors: Colors): string {
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

/** Reporter for a terminal. Only pass and fail have a colour, green and red. */
export const terminal: Reporter = {
  name: 'terminal',
  title: 'a summary for a terminal, of at most 40 lines; --verbose: everything',
  report(given, context) {
    const result = printable(given);
    const colors = pc.createColors(context.colors);
    return context.verbose ? fullReport(result, context, colors) : shortReport(result, context, colors);
  },
};
