import { markdownTable } from 'markdown-table';
import type { CheckResult, ProfileTally, Result } from '../../spec/types/documents.js';
import type { ReportContext, Reporter } from '../reporter.js';
import { type Cause, causesOf, countOf } from '../result/causes.js';
import { describeFailure } from '../result/describe-failure.js';
import { huntLines } from '../result/hunts.js';
import { mustPassTally } from '../result/must-pass.js';
import {
  availableAdapters,
  type CheckOutcome,
  declaredDialect,
  expectedFailuresOf,
  groupBy,
  outcomeOf,
  totalOf,
} from '../result/result.js';
import { summarize } from '../result/summarize.js';
import { undecidedLines } from '../result/undecided.js';
import { groupUnjudged, type Unjudged } from '../result/unjudged.js';
import { plural } from '../text/plain-text.js';
import { code, escaped, fenced, folded } from './escape.js';

const elsewhere = 'they are in the result document.';

/** Joins the first blocks up to `bytes`, and a line on the number of omitted blocks. */
function bounded(blocks: readonly string[], bytes: number, what: string, separator = '\n'): string {
  const kept = fitting(blocks, bytes);
  const left = blocks.length - kept.length;
  return [...kept, ...(left > 0 ? [`\n… and ${left} more ${what}: ${elsewhere}`] : [])].join(separator);
}

/** Makes a table of the first rows up to `bytes`. @param align alignment by column, l or r. */
function boundedTable(head: readonly string[], rows: readonly (readonly string[])[], align: string, bytes: number): string {
  if (rows.length === 0) return '';
  const kept = rows.slice(
    0,
    fitting(
      rows.map((row) => row.join(' | ')),
      bytes,
    ).length,
  );
  const table = markdownTable([head, ...kept], { align: [...align], alignDelimiters: false });
  return kept.length === rows.length ? table : `${table}\n\n… and ${rows.length - kept.length} more rows: ${elsewhere}`;
}

function fitting(blocks: readonly string[], bytes: number): string[] {
  const kept: string[] = [];
  let size = 0;
  for (const block of blocks) {
    // room for separators
    size += Buffer.byteLength(block) + 8;
    if (size > bytes) break;
    kept.push(block);
  }
  return kept;
}

/** Limits in bytes, within the 1 MiB that GitHub allows for a job summary. */
const share = { failures: 500_000, list: 80_000, table: 60_000 };

/** Writes a GitHub job summary under 1 MiB: totals, unexpected failures, and the rest folded. */
export const markdown: Reporter = {
  name: 'markdown',
  title: 'Markdown, for the summary of a CI job',
  report(result, context) {
    const checks = groupBy(result.checks, outcomeOf);
    const unjudged = groupUnjudged(result.checks);
    const of = (outcome: CheckOutcome) => checks.get(outcome) ?? [];
    const expected = of('expected-failure');
    const causes = causesOf(of('failure'));
    const failures = causes.map((cause) => causeSection(cause, context));
    const sections = [
      `## ${verdictLine(checks, unjudged)}`,
      escaped(summarize(result)),
      checks.has('pass') || failures.length > 0 || expected.length > 0 ? profileTable(result, share.table) : '',
      section('Causes', causes.length > 1 ? list(causes.map(causeItem)) : ''),
      section('Failures', bounded(failures, share.failures, 'causes', '\n\n')),
      section('Expected to fail, but passed', list(of('unexpected-pass').map((c) => `- ${nameOf(c)}`))),
      section('Undecided elements of checks that passed', list(undecidedLines(result.checks).map((line) => `- ${code(line)}`))),
      section('Hunt', list(huntLines(result.checks).map((line) => `- ${code(line)}`))),
      section('Inconclusive', list(unjudged.map(unjudgedItem))),
      expected.length > 0 ? folded(plural(expected.length, 'expected failure'), list(expected.map(failedItem))) : '',
      section('Dialects declared', dialectTable(result, share.table)),
      section('Not available on this machine', list(unavailableItems(result))),
    ];
    return `${sections.filter((s) => s !== '').join('\n\n')}\n`;
  },
};

function verdictLine(checks: ReadonlyMap<CheckOutcome, readonly CheckResult[]>, unjudged: readonly Unjudged[]): string {
  const count = (outcome: CheckOutcome) => checks.get(outcome)?.length ?? 0;
  const [failed, surprising, expected] = [count('failure'), count('unexpected-pass'), count('expected-failure')];
  if (failed + surprising > 0) {
    const said = [
      failed > 0 && plural(failed, 'unexpected failure'),
      surprising > 0 && `${plural(surprising, 'check')} passed unexpectedly`,
    ];
    return `❌ attention-cts: ${said.filter(Boolean).join(', ')}`;
  }
  if (count('pass') + expected === 0) return '⚠️ attention-cts: nothing was judged';
  if (unjudged.length > 0)
    return `⚠️ attention-cts: inconclusive on ${plural(
      unjudged.reduce((sum, u) => sum + u.checks.length, 0),
      'check',
    )}`;
  return `✅ attention-cts: ${plural(count('pass'), 'check')} passed${expected > 0 ? `, ${expected} failed as expected` : ''}`;
}

function section(title: string, body: string): string {
  return body === '' ? '' : `### ${title}\n\n${body}`;
}

function list(items: readonly string[]): string {
  return bounded(items, share.list, 'of these');
}

function unjudgedItem({ what, where }: Unjudged): string {
  return `- ${code(what)}: ${code(where)}`;
}

function unavailableItems({ adapters }: Result): string[] {
  return adapters.flatMap(({ id, unavailable }) =>
    unavailable ? [`- ${code(id)}: ${code(unavailable.reason)}; remedy: ${code(unavailable.remedy)}`] : [],
  );
}

/** Lists deviations from the default dialect, and their sources; empty without deviations. */
function dialectTable(result: Result, bytes: number): string {
  const rows = availableAdapters(result).flatMap(({ id, dialect }) =>
    declaredDialect(dialect).map(([axis, { value, from }]) => [code(id), code(axis), code(value), from]),
  );
  return boundedTable(['implementation', 'axis', 'value', 'by'], rows, 'llll', bytes);
}

function causeItem(cause: Cause): string {
  return `- ${code(cause.adapter)}: ${plural(countOf(cause), 'failure')}: ${code(cause.title)}`;
}

/** Describes a cause: smallest case, numbers, replay line, JSON, and the other checks. */
function causeSection(cause: Cause, context: ReportContext): string {
  const { smallest: check, others } = cause;
  const more = others.length > 0 ? `, and ${others.length} more like it` : '';
  return [
    `#### ❌ ${nameOf(check)} ${check.verdict}${check.class ? `, ${code(check.class)}` : ''}${more}`,
    fenced(describeFailure(check, context).join('\n') || check.verdict),
    ...(check.failure ? [folded('the minimal case as JSON', fenced(JSON.stringify(check.failure.case), 'json'))] : []),
    ...(others.length > 0 ? [folded(`${others.length} more like it`, list(others.map(failedItem)))] : []),
  ].join('\n\n');
}

function failedItem(check: CheckResult): string {
  const message = check.failure?.message ?? check.reason;
  return `- ${nameOf(check)} ${check.verdict}${check.class ? `, ${code(check.class)}` : ''}${message ? `: ${code(message)}` : ''}`;
}

function nameOf({ adapter, id }: CheckResult): string {
  return code(`${adapter}::${id}`);
}

const profileHead = ['implementation', 'profile', 'passed', 'must-pass checks', 'failed', 'of these expected', 'not judged', 'unsupported'];

function profileTable(result: Result, bytes: number): string {
  const versions = new Map(result.adapters.map(({ id, version }) => [id, version]));
  const rows = result.profiles.map((tally) => profileRow(result, tally, versions.get(tally.adapter) ?? ''));
  return boundedTable(profileHead, rows, 'llrrrrrr', bytes);
}

function profileRow(result: Result, tally: ProfileTally, version: string): string[] {
  const total = totalOf(tally);
  const { pass = 0, fail = 0, crash = 0, timeout = 0, unsupported = 0 } = tally;
  const failed = fail + crash + timeout;
  const mustPass = mustPassTally(result, tally.adapter, tally.name);
  const share = total === 0 ? '' : ` (${Math.round((100 * unsupported) / total)} %)`;
  return [
    code(`${tally.adapter}${version ? ` ${version}` : ''}`),
    code(tally.name),
    `${pass}/${total}`,
    mustPass ? `${mustPass.passed}/${mustPass.of}` : '',
    String(failed),
    String(failed === 0 ? 0 : expectedFailuresOf(result, tally)),
    String(total - pass - failed - unsupported),
    `${unsupported}${share}`,
  ];
}
