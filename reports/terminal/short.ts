import type { Colors } from 'picocolors/types.js';
import type { Result } from '../../spec/types/documents.js';
import type { ReportContext } from '../reporter.js';
import { type Cause, causesOf, countOf } from '../result/causes.js';
import { summarize } from '../result/summarize.js';
import { unjudgedLine } from '../result/unjudged.js';
import { plural } from '../text/plain-text.js';
import { commandOf, fileOf } from '../text/replay-line.js';
import { causeLines } from './cause.js';
import { type Note, notesOf } from './notes.js';
import { adapterRows } from './rows.js';

const MOST_LINES = 40;
const MOST_ROWS = 14;
const CAUSE_LINES = 12;
const LONGEST = 300;

/** Report of at most 40 lines: adapters, causes of failures, notes, each folded as needed. */
export function shortReport(result: Result, context: ReportContext, colors: Colors): string {
  const causes = causesOf(result.checks);
  const rows = adapterRows(result, causes, MOST_ROWS, colors, context.columns);
  const end = endOf(result, causes, context);
  const left = MOST_LINES - end.length - (rows.length > 0 ? rows.length + 1 : 0);
  const notes = fitNotes(notesOf(result, context), causes.length > 0 ? left - CAUSE_LINES : left);
  const blocks = fitCauses(causes, left - notes.length, context, colors);
  return `${[...rows, ...(rows.length > 0 ? [''] : []), ...blocks, ...notes, ...end].join('\n')}\n`;
}

function endOf(result: Result, causes: readonly Cause[], context: ReportContext): string[] {
  const command = commandOf(context);
  const pictures = causes.some(({ smallest }) => smallest.failure?.folder !== undefined);
  return [
    summarize(result),
    ...(result.checks.length > 0
      ? [`more: --verbose; ${pictures ? 'with pictures' : 'as a site'}: ${command} report ${fileOf(context, 'result.json')}`]
      : []),
    ...unjudgedLine(result),
  ];
}

/** Describes all causes in as much detail as fits, each followed by an empty line. */
function fitCauses(causes: readonly Cause[], room: number, context: ReportContext, colors: Colors): string[] {
  if (causes.length === 0) return [];
  const block = (cause: Cause, detail: 'full' | 'brief') => [...causeLines(cause, detail, context, colors), ''];
  const [first, ...others] = causes;
  const forms = [
    causes.flatMap((cause) => block(cause, 'full')),
    [...block(first, 'full'), ...others.flatMap((cause) => block(cause, 'brief'))],
    causes.flatMap((cause) => block(cause, 'brief')),
  ];
  return forms.find((lines) => lines.length <= room) ?? cutCauses(causes, room, context, colors);
}

/** Describes causes in blocks in half of the lines, then in a line each. */
function cutCauses(causes: readonly Cause[], room: number, context: ReportContext, colors: Colors): string[] {
  const lines: string[] = [];
  let told = 0;
  for (const cause of causes) {
    const block = [...causeLines(cause, 'brief', context, colors), ''];
    if (told > 0 && lines.length + block.length > room / 2) break;
    lines.push(...block);
    told++;
  }
  const rest = causes.slice(told);
  // a line for the omitted causes, and an empty line
  const fits = rest.length <= room - lines.length - 1 ? rest.length : Math.max(0, room - lines.length - 2);
  lines.push(...rest.slice(0, fits).flatMap((cause) => causeLines(cause, 'line', context, colors)));
  const dropped = rest.slice(fits);
  if (dropped.length > 0) {
    const failures = dropped.reduce((sum, cause) => sum + countOf(cause), 0);
    lines.push(`and ${plural(dropped.length, 'more cause')}, of ${plural(failures, 'failure')}`);
  }
  return rest.length > 0 ? [...lines, ''] : lines;
}

/** Writes the first notes in full, then titles with counts. */
function fitNotes(notes: readonly Note[], room: number): string[] {
  const lines: string[] = [];
  for (const [i, note] of notes.entries()) {
    const whole = noteLines(note);
    // each later note needs a line
    const fits = lines.length + whole.length + (notes.length - i - 1) * 2 <= room;
    lines.push(...(fits ? whole : [`${note.title}: ${note.entries.length}`, '']));
  }
  return lines.slice(0, Math.max(0, room));
}

function noteLines({ title, entries, shown, line }: Note): string[] {
  if (line !== undefined) return [`${title}: ${cut(line)}`, ''];
  const more = entries.length - shown;
  const said = [...entries.slice(0, shown), ...(more > 0 ? [`and ${more} more`] : [])];
  return [title, ...said.flatMap((entry) => entry.split('\n')).map((line) => `  ${cut(line)}`), ''];
}

function cut(line: string): string {
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}
