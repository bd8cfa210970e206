/// <reference lib="dom" />

import { groupBy } from '../../../result.js';
import { element } from '../dom.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import type { Report } from '../report.js';
import { table } from '../table.js';
import { tallyCell, tallyOf } from '../tally-cell.js';
import { legend } from '../verdicts.js';

/** Context-parallel schemes: the same as on one device, the bytes that they say, the balance that they say. */
export const schemes: Page = {
  name: 'schemes',
  title: 'Schemes',
  listed: true,
  render(report) {
    const checks = report.names.flatMap((name, check) => (name.scheme === '' ? [] : [{ name, check }]));
    const title = element('h2', {}, 'Schemes');
    if (checks.length === 0)
      return [
        title,
        element('p', { class: 'empty' }, 'No scheme was judged for this report: attn-cts run --profile parallel judges them.'),
      ];
    const asked = report.available.filter((i) => checks.some(({ check }) => report.verdict(i, check)));
    return [
      title,
      element('p', {}, 'Each context-parallel scheme, with the kernel of an implementation on every rank, property by property.'),
      ...asked.flatMap((i) => [element('h3', {}, report.data.implementations[i].key), schemeTable(report, i, checks)]),
      element('p', { class: 'quiet' }, legend),
    ];
  },
};

type Named = { readonly name: Report['names'][number]; readonly check: number };

function schemeTable(report: Report, implementation: number, checks: readonly Named[]): HTMLElement {
  const { key } = report.data.implementations[implementation];
  const properties = [...new Set(checks.map(({ name }) => name.property))];
  const rows = [...groupBy(checks, ({ name }) => name.scheme)].map(([scheme, of]) => [
    link('matrix', { adapter: key, search: `@${scheme}` }, scheme),
    ...properties.map((property) =>
      tallyCell(
        tallyOf(
          report,
          implementation,
          of.filter(({ name }) => name.property === property).map(({ check }) => check),
        ),
      ),
    ),
  ]);
  return table(`Schemes on ${key}`, ['Scheme', ...properties], rows);
}
