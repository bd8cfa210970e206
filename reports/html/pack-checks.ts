import type { CheckResult, JsonNumber } from '../../spec/types/documents.js';
import { whyUndecided } from '../result/undecided.js';
import type { CheckRow } from './site-data.js';
import { notAsked, verdictLetters } from './verdict-letters.js';

/** Unique texts; the first is empty. */
class StringTable {
  readonly texts: string[] = [''];
  private readonly places = new Map<string, number>([['', 0]]);

  indexOf(text: string): number {
    const known = this.places.get(text);
    if (known !== undefined) return known;
    this.places.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** Packs an implementation's verdicts, a letter per id. */
export function packVerdicts(ids: readonly string[], checks: ReadonlyMap<string, CheckResult>): string {
  return ids.map((id) => letterOf(checks.get(id))).join('');
}

function letterOf(check: CheckResult | undefined): string {
  if (!check) return notAsked;
  const letter = verdictLetters[check.verdict];
  return check.expected === undefined ? letter : letter.toUpperCase();
}

/** Packs rows of an implementation's checks, with their texts in a table. */
export function packRows(
  ids: readonly string[],
  checks: ReadonlyMap<string, CheckResult>,
): { rows: CheckRow[]; strings: readonly string[] } {
  const strings = new StringTable();
  const asked = ids.flatMap((id) => checks.get(id) ?? []);
  return { rows: asked.map((check) => packRow(check, strings)), strings: strings.texts };
}

function packRow(check: CheckResult, strings: StringTable): CheckRow {
  const coverage = Object.entries(check.coverage)
    .map(([label, count]) => `${label} ${count}`)
    .join(', ');
  const row: JsonNumber[] = [
    check.cases,
    check.undecided,
    Math.round(check.milliseconds),
    strings.indexOf(check.class ?? ''),
    strings.indexOf(check.reason ?? ''),
    strings.indexOf(coverage),
  ];
  for (const [output, statistics] of Object.entries(check.error ?? {})) {
    const { maxOverBound, maxUlp, elements, undecided } = statistics;
    const why = undecided === 0 ? '' : whyUndecided(statistics);
    row.push(strings.indexOf(output), short(maxOverBound), short(maxUlp), elements, undecided, strings.indexOf(why));
  }
  // drop trailing zeros
  while (row[row.length - 1] === 0 && row.length <= 6) row.pop();
  return row;
}

function short(value: JsonNumber): JsonNumber {
  return typeof value === 'number' ? Number(value.toPrecision(3)) : value;
}
