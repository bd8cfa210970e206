import type { CheckResult, JsonNumber } from '../../spec/types/documents.js';
import type { CheckRow, ImplementationData } from './site-data.js';
import type { StringTable } from './string-table.js';
import { notAsked, verdictLetters } from './verdict-letters.js';

export type PackedChecks = Pick<ImplementationData, 'verdicts' | 'rows'>;

/** The checks of one implementation. */
export function packVerdicts(ids: readonly string[], checks: ReadonlyMap<string, CheckResult>, strings: StringTable): PackedChecks {
  const rows: CheckRow[] = [];
  const letters = ids.map((id) => {
    const check = checks.get(id);
    if (!check) return notAsked;
    rows.push(packRow(check, strings));
    return verdictLetters[check.verdict];
  });
  return { verdicts: letters.join(''), rows };
}

function packRow(check: CheckResult, strings: StringTable): CheckRow {
  const coverage = Object.entries(check.coverage)
    .map(([label, count]) => `${label} ${count}`)
    .join(', ');
  const row: JsonNumber[] = [
    check.cases,
    check.undecided,
    Math.round(check.milliseconds),
    check.expected === undefined ? 0 : check.expected ? 1 : 2,
    strings.indexOf(check.class ?? ''),
    strings.indexOf(check.reason ?? ''),
    strings.indexOf(coverage),
  ];
  for (const [output, { maxOverBound, maxUlp, elements, undecided }] of Object.entries(check.error ?? {})) {
    row.push(strings.indexOf(output), short(maxOverBound), short(maxUlp), elements, undecided);
  }
  // what is nothing at the end is left out
  while (row[row.length - 1] === 0 && row.length <= 7) row.pop();
  return row;
}

/** Three digits: what a reader is shown. */
function short(value: JsonNumber): JsonNumber {
  return typeof value === 'number' ? Number(value.toPrecision(3)) : value;
}
