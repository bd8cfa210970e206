import { tableNotes, timingLists, timingTables } from '../../../reports/bench/tables.js';
import { plainLine, printable } from '../../../reports/text/plain-text.js';
import { formatTable } from '../../../reports/text/table.js';
import type { Bench } from '../../../spec/types/documents.js';

/** Formats a table per pass, dtype and number of ranks, then the failures, skips and warnings. */
export function benchText(document: Bench, out: string): string {
  const bench = printable(document);
  const sections = timingTables(bench).map(({ setting, head, rows }) => {
    const align = ['left' as const, ...head.slice(1).map(() => 'right' as const)];
    return `${setting}\n${formatTable(head, rows, align)}`;
  });
  const lists = timingLists(bench).map(([title, lines]) => `${title}:\n${lines.map((line) => `  ${plainLine(line)}\n`).join('')}`);
  const notes = tableNotes(bench).map((note) => `${note}\n`);
  return `${[...sections, ...lists].join('\n')}\n${notes.join('')}written to ${out}/bench.json\n`;
}
