import { markdownTable } from 'markdown-table';
import type { Implementations } from '../../spec/types/documents.js';

/** Section of the published report: a table of the implementations that were judged, in the report's order, and names of the others. */
export function implementationsTable({ implementations }: Implementations): string {
  const judged = implementations.filter(({ unavailable }) => unavailable === undefined);
  const others = implementations.filter(({ unavailable }) => unavailable !== undefined);
  const rows = judged.map(({ key, title, version, checks, causes }) => [
    `\`${key}\` ${version ?? ''}`.trim(),
    title,
    ...[checks.pass, checks.fail, checks.unsupported, causes.length].map(String),
  ]);
  const table = markdownTable([['implementation', 'what it is', 'pass', 'fail', 'unsupported', 'causes of failures'], ...rows], {
    alignDelimiters: false,
  });
  const names = [...new Set(others.map(({ adapter }) => `\`${adapter}\``))].join(', ');
  return `<!-- generated: implementations -->\n${table}\n\nNot available on that machine: ${names || 'none'}.\n<!-- end: implementations -->`;
}
