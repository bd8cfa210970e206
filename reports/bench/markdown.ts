import { markdownTable } from 'markdown-table';
import { code, escaped } from '../markdown/escape.js';
import { machineText } from '../result/timing-names.js';
import type { BenchReport, BenchSource } from './reporter.js';
import { tableNotes, timingLists, timingTables } from './tables.js';

/** Tables for a page or the summary of a CI job, with the problems that have no time. */
export const benchMarkdown: BenchReport = (sources, title) => `${[`# ${escaped(title)}`, ...sources.flatMap(sectionOf)].join('\n\n')}\n`;

function sectionOf({ file, bench }: BenchSource): string[] {
  const tables = timingTables(bench).flatMap(({ setting, head, rows }) => [
    `### ${escaped(setting)}`,
    markdownTable(
      [head, ...rows].map((row) => row.map(escaped)),
      { align: ['l', ...head.slice(1).map(() => 'r')], alignDelimiters: false },
    ),
  ]);
  const lists = timingLists(bench).flatMap(([title, lines]) => [
    `### ${title[0].toUpperCase()}${title.slice(1)}`,
    lines.map((line) => `- ${code(line)}`).join('\n'),
  ]);
  return [`## ${code(file)}`, escaped(machineText(bench)), ...tables, ...tableNotes(bench).map(escaped), ...lists];
}
