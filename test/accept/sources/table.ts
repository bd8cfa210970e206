import type { Row } from './sources.js';

/** @returns the table of the documentation: a line for each document and the code that it was held to. */
export function sourcesTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => `| ${[row.document, codeOf(row), versionOf(row), outcomeOf(row)].join(' | ')} |`);
  const here = rows.filter(({ absent }) => absent === undefined);
  const documents = new Set(here.map(({ document }) => document));
  const told = `${documents.size} documents are held to ${here.length} functions; ${rows.length - here.length} functions are not on this machine.`;
  return [told, '', '| document | code | version | checks, and the largest error ÷ bound |', '|---|---|---|---|', ...lines].join('\n');
}

const codeOf = ({ source, held }: Row): string =>
  `[${source.title}](${source.url}), \`${held.code}\`${held.note === undefined ? '' : `; ${held.note}`}`;

function versionOf({ source }: Row): string {
  const [first] = source.packages ?? [];
  return first ? `${first.name} ${first.version}` : `commit ${(source.commit as string).slice(0, 12)}`;
}

function outcomeOf({ absent, checks, worst = 0, held, wrong }: Row): string {
  if (absent !== undefined) return 'unavailable';
  const counted = checks === undefined ? '' : `${checks.passed} of ${checks.judged}`;
  if (wrong !== undefined) return `**wrong**, ${counted}`;
  return held.differs === undefined ? `${counted}; ${worst.toFixed(2)}` : `${counted}: another definition, ${held.differs}`;
}
