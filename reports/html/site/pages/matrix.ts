/// <reference lib="dom" />
import { element } from '../dom.js';
import { checkChoices, filterForm, searchChecks } from '../filter-form.js';
import { type Filters, filtersOf, select } from '../filters.js';
import type { Page } from '../page.js';
import { type Route, replaceRoute } from '../route.js';
import { noticesOf } from '../sections/notices.js';
import { claimedFirst, groupNames, groupsOf } from '../tables/groups.js';
import { matrixTable } from '../tables/matrix-table.js';
import { legend } from '../verdicts.js';

export const matrix: Page = {
  name: 'matrix',
  title: 'Matrix',
  listed: true,
  render(report, route) {
    const status = element('p', { role: 'status', 'aria-live': 'polite' });
    const place = element('div');
    let params: Readonly<Record<string, string>> = route.params;
    const draw = () => {
      const filters = filtersOf(params);
      const selection = select(report, filters);
      const found = groupsOf(report, selection.checks, params.group ?? '');
      const groups = filters.verdict === 'unsupported' ? found : claimedFirst(report, selection.implementations, found);
      status.textContent = `${selection.checks.length} of ${report.index.ids.length} checks, ${selection.implementations.length} of ${report.available.length} implementations`;
      place.replaceChildren(
        selection.checks.length === 0
          ? element('p', { class: 'empty' }, 'No check matches these filters. Remove one of them.')
          : matrixTable(report, selection, groups, opened(params, filters), (open) => {
              params = { ...params, open };
              replaceRoute({ page: route.page, params } satisfies Route);
            }),
      );
    };
    const grouping = ['Rows by', 'group', groupNames] as const;
    const form = filterForm(route, searchChecks, [grouping, ...checkChoices(report)], (changed) => {
      params = { ...changed, open: params.open ?? '' };
      draw();
    });
    draw();
    return [
      ...noticesOf(report),
      form,
      status,
      place,
      element('p', { class: 'quiet' }, `${legend}. In the table, the arrow keys go from cell to cell.`),
    ];
  },
};

/** Returns the open groups; all during a search. */
function opened({ open = '' }: Readonly<Record<string, string>>, { search }: Filters): ReadonlySet<string> | 'all' {
  return search === '' ? new Set(open.split(',').filter(Boolean)) : 'all';
}
