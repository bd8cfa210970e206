import { formatTable } from '../../../reports/text/table.js';
import type { MutantResult } from '../../power/judge-mutant.js';
import { matrixOf } from '../../power/matrix.js';
import { properties } from '../../properties/index.js';

/** Formats how many mutants each property kills, and how many it alone kills. */
export function matrixText(results: readonly MutantResult[]): string {
  const rows = matrixOf(
    results,
    properties.map(({ name }) => name),
  );
  const table = formatTable(
    ['PROPERTY', 'KILLS', 'ALONE'],
    rows.map(({ property, kills, alone }) => [property, String(kills.length), String(alone.length)]),
  );
  const alone = rows.filter((row) => row.alone.length > 0).map((row) => `${row.property} alone: ${row.alone.join(', ')}`);
  return [table, ...alone].join('\n').concat('\n');
}
