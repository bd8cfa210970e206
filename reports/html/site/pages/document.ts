/// <reference lib="dom" />

import type { DocumentKind } from '../../site-data.js';
import { loadCharts } from '../charts.js';
import { element } from '../dom.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import type { Report } from '../report.js';
import { documentChecks, standings } from '../sections/standings.js';
import { table } from '../tables/table.js';
import { tallyCell } from '../tables/tally-cell.js';
import { legend } from '../verdicts.js';

export const documentPage: Page = {
  name: 'document',
  title: 'Operator, mask or scheme',
  titleOf: ({ params }) => params.name,
  within: 'documents',
  listed: false,
  async render(report, { params: { kind = '', name = '' } }) {
    const found = (await report.part('documents')).find((one) => one.kind === kind && one.name === name);
    const checks = documentChecks(report, kind as DocumentKind, name);
    if (!found && checks.length === 0)
      return [
        element('p', { class: 'empty' }, 'This report has no such operator, mask or scheme. '),
        link('documents', {}, 'Show all documents'),
      ];
    const head = [
      element('h2', {}, name),
      element(
        'p',
        { class: 'quiet' },
        [kind, ...(found ? [found.family && `of the family ${found.family}`, found.version] : [])].filter(Boolean).join(', '),
      ),
    ];
    if (!found)
      return [
        ...head,
        element('p', {}, 'The report cannot show this document: it is not part of the suite.'),
        ...whoPasses(report, checks),
      ];
    const figure = found.picture ? [(await loadCharts()).drawPicture(found.picture)] : [];
    return [
      ...head,
      element('p', {}, found.title),
      element(
        'div',
        { class: 'document' },
        element('div', {}, ...found.sections.flatMap(sectionOf)),
        ...(figure.length > 0 ? [element('div', { class: 'pictures' }, ...figure)] : []),
      ),
      ...sources(found.source),
      ...whoPasses(report, checks),
    ];
  },
};

function sectionOf({
  title,
  lines,
  folded,
}: {
  readonly title: string;
  readonly lines: readonly string[];
  readonly folded?: true;
}): Node[] {
  const text = element('pre', { tabindex: '0', role: 'group', 'aria-label': title }, lines.join('\n'));
  return folded ? [element('details', {}, element('summary', {}, title), text)] : [element('h3', {}, title), text];
}

function sources(of: readonly { readonly title: string; readonly url?: string }[]): Node[] {
  if (of.length === 0) return [];
  const item = ({ title, url }: (typeof of)[number]) =>
    element('li', {}, url !== undefined && /^https?:\/\//.test(url) ? element('a', { href: url }, title) : title);
  return [element('h3', {}, 'Source'), element('ul', { class: 'lines' }, ...of.map(item))];
}

function whoPasses(report: Report, checks: readonly number[]): Node[] {
  const { all } = standings(report, checks);
  if (all.length === 0) return [element('h3', {}, 'Who passes'), element('p', {}, 'No implementation claims it.')];
  const rows = all.map(({ implementation, tally }) => {
    const { key } = report.index.implementations[implementation];
    return [link('implementation', { adapter: key }, key), tallyCell(tally)];
  });
  return [
    element('h3', {}, 'Who passes'),
    table('Implementations', ['Implementation', 'Checks'], rows),
    element('p', { class: 'quiet' }, legend),
  ];
}
