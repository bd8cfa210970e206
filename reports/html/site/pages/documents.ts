/// <reference lib="dom" />
import type { DocumentData, DocumentKind } from '../../site-data.js';
import { element } from '../dom.js';
import { filterForm } from '../filter-form.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import type { Report } from '../report.js';
import { documentChecks, standings } from '../sections/standings.js';
import { table } from '../tables/table.js';

const kinds: readonly [DocumentKind, string][] = [
  ['operator', 'Operators'],
  ['mask', 'Masks'],
  ['scheme', 'Schemes'],
];

export const documents: Page = {
  name: 'documents',
  title: 'Operators, masks, schemes',
  listed: true,
  async render(report, route) {
    const all = await report.part('documents');
    const place = element('div');
    const draw = ({ search = '', kind = '' }: Readonly<Record<string, string>>) => {
      const words = search.toLowerCase().split(/\s+/).filter(Boolean);
      const found = all.filter(
        (document) =>
          (kind === '' || document.kind === kind) &&
          words.every((word) => `${document.name} ${document.family ?? ''} ${document.title}`.toLowerCase().includes(word)),
      );
      place.replaceChildren(
        ...(found.length === 0
          ? [element('p', { class: 'empty' }, 'No document matches these filters.')]
          : kinds.flatMap(([of, title]) =>
              group(
                report,
                title,
                found.filter((document) => document.kind === of),
              ),
            )),
      );
    };
    const form = filterForm(
      route,
      { label: 'Search', example: 'sliding window' },
      [['Kind', 'kind', [['', 'all'], ...kinds.map(([kind, title]) => [kind, title] as const)]]],
      draw,
    );
    draw(route.params);
    return [form, place];
  },
};

function group(report: Report, title: string, of: readonly DocumentData[]): Node[] {
  if (of.length === 0) return [];
  const rows = of.map((document) => {
    const { right, wrong } = standings(report, documentChecks(report, document.kind, document.name));
    return [
      link('document', { kind: document.kind, name: document.name }, document.name),
      element('td', { class: 'wrapped' }, document.title),
      right.length === 0 ? '' : element('td', { 'data-verdict': 'pass' }, `✓ ${right.length}`),
      wrong.length === 0 ? '' : element('td', { 'data-verdict': 'fail' }, `✗ ${wrong.length}`),
    ];
  });
  return [element('h2', {}, title), table(title, ['Name', 'Title', 'Right', 'Wrong'], rows)];
}
