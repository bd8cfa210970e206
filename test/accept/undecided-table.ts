import { undecidedOutputs, whyUndecided } from '../../reports/result/undecided.js';
import type { CheckResult } from '../../spec/types/documents.js';

/** Every check of which more than 1 % of an output was undecided, and why: rows of a table in Markdown; nothing where there is none. */
export function undecidedTable(checks: readonly CheckResult[]): string[] {
  const rows = undecidedOutputs(checks).map(({ adapter, id, output, share, counts }) => {
    const all = counts.elements + counts.undecided;
    return `| ${adapter} | ${id} | ${output} | ${share} | ${all} | ${whyUndecided(counts)} |`;
  });
  return rows.length === 0
    ? []
    : ['| adapter | check | output | undecided | of elements | because |', '|---|---|---|---|---|---|', ...rows];
}
