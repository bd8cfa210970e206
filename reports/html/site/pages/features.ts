/// <reference lib="dom" />

import type { Verdict } from '../../../../spec/types/documents.js';
import { byClaim } from '../claims.js';
import { element } from '../dom.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import type { CheckName, Report } from '../report.js';
import { table } from '../tables/table.js';
import { tallyCell, tallyOf } from '../tables/tally-cell.js';
import { count, emptyTally, legend } from '../verdicts.js';

/** Tables of this page, with the column of a check. */
const tables: readonly [title: string, of: (name: CheckName) => string, note: string][] = [
  ['Features', ({ feature }) => feature, 'Features that a case may have beyond the plain form. “all” draws all claimed features together.'],
  ['Masks', ({ mask, feature }) => (feature === '' && mask !== 'any' ? mask : ''), 'The checks of each mask.'],
  ['Dtypes', ({ dtype }) => dtype, ''],
  ['Operators', ({ operator }) => operator, ''],
];

export const features: Page = {
  name: 'features',
  title: 'Features',
  listed: true,
  render(report) {
    return [
      element('h2', {}, 'Profiles'),
      element(
        'p',
        {},
        'Each cell shows how many checks passed, of all that the profile has. Unsupported checks are always shown beside them.',
      ),
      profileTable(report),
      ...tables.flatMap(([title, of, note]) => [
        element('h2', {}, title),
        ...(note === '' ? [] : [element('p', {}, note)]),
        ...tallies(report, title, of),
      ]),
      element('p', { class: 'quiet' }, legend),
    ];
  },
};

function profileTable(report: Report): HTMLElement {
  const { implementations } = report.index;
  const names = [...new Set(implementations.flatMap(({ profiles }) => profiles.map((p) => p.name)))];
  const rows = report.available.map((i) => [nameCell(report, i), ...names.map((name) => profileCell(report, i, name))]);
  return table('Checks of each profile', ['Implementation', ...names], rows);
}

/** Shows passed checks of all in the profile, and counts of further verdicts. */
function profileCell(report: Report, implementation: number, profile: string): HTMLElement {
  const verdicts = report.index.implementations[implementation].profiles.find((p) => p.name === profile)?.verdicts;
  if (!verdicts) return element('td');
  const tally = emptyTally();
  for (const [verdict, times] of Object.entries(verdicts)) count(tally, verdict as Verdict, false, times);
  const asked = report.index.profiles.find((p) => p.name === profile)?.checks ?? '';
  const members = report.names.flatMap((_, check) => (asked[check] === '1' ? [check] : []));
  const { expected } = tallyOf(report, implementation, members);
  const all = Object.values(verdicts).reduce((a, b) => a + b, 0);
  const others = [
    ...(tally.fail > 0 ? [tally.fail === expected ? `(✗) ${tally.fail}` : `✗ ${tally.fail}`] : []),
    ...(tally.unjudged > 0 ? [`? ${tally.unjudged}`] : []),
    ...(tally.unsupported > 0 ? [`–${tally.unsupported}`] : []),
  ];
  return tallyCell({ ...tally, expected }, () => document.createTextNode([`✓ ${tally.pass}/${all}`, ...others].join(' · ')));
}

function tallies(report: Report, title: string, of: (name: CheckName) => string): HTMLElement[] {
  const columns = new Map<string, number[]>();
  for (const [check, name] of report.names.entries()) {
    const column = of(name);
    if (column !== '') columns.set(column, [...(columns.get(column) ?? []), check]);
  }
  const [claimed, others] = byClaim(report, report.available, [...columns], ([, checks]) => checks);
  const rows = report.available.map((i) => [nameCell(report, i), ...claimed.map(([, checks]) => tallyCell(tallyOf(report, i, checks)))]);
  return [
    table(title, ['Implementation', ...claimed.map(([name]) => name)], rows),
    ...(others.length > 0
      ? [element('p', { class: 'quiet' }, `No implementation claims: ${others.map(([name]) => name).join(', ')}.`)]
      : []),
  ];
}

function nameCell(report: Report, implementation: number): Node {
  const { key } = report.index.implementations[implementation];
  return link('implementation', { adapter: key }, key);
}
