/// <reference lib="dom" />
import type { NumericData } from '../../site-data.js';
import { element } from '../dom.js';
import type { Report } from '../report.js';
import { table } from '../tables/table.js';

/** Section of the numeric profiles for a dtype, folded. */
export function numericSection(report: Report, numerics: readonly NumericData[], dtype: string): HTMLElement[] {
  const rows = numerics.filter((n) => n.dtype === dtype && !report.index.implementations[n.implementation].unavailable);
  if (rows.length === 0) return [];
  const keys = Object.keys(rows[0].lines);
  const profiles = table(
    `Numeric profiles for ${dtype}`,
    ['Implementation', ...keys],
    rows.map(({ implementation, lines }) => [report.index.implementations[implementation].key, ...keys.map((key) => lines[key])]),
  );
  return [element('details', {}, element('summary', {}, `What the bounds for ${dtype} are derived from`), profiles)];
}
