/// <reference lib="dom" />
import { commonCauses } from '../../../result/causes.js';
import { plural } from '../../../text/plain-text.js';
import { element } from '../dom.js';
import { filterForm } from '../filter-form.js';
import { filtersOf, fitsVerdict, select } from '../filters.js';
import { checkLink } from '../links.js';
import type { Page } from '../page.js';
import type { Report } from '../report.js';

/** Most that are listed at once. */
const most = 200;

/** Every check that failed, with what is said of it in a line. */
export const failures: Page = {
  name: 'failures',
  title: 'Failures',
  listed: true,
  render(report, route) {
    const status = element('p', { role: 'status', 'aria-live': 'polite' });
    const causes = element('ul');
    const list = element('ol', { class: 'failures' });
    const draw = (params: Readonly<Record<string, string>>) => {
      const found = failing(report, params);
      const shown = found.slice(0, most);
      const more = found.length - shown.length;
      status.textContent =
        found.length === 0
          ? 'No failure matches these filters.'
          : `${plural(found.length, 'failure')}${more > 0 ? `, of which the first ${most} are listed. Use the filters to see others.` : ''}`;
      const hinted = found.map(([i, check]) => ({
        adapter: report.data.implementations[i].key,
        hint: report.failure(i, check)?.summary.hint,
      }));
      causes.replaceChildren(...commonCauses(hinted).map((cause) => element('li', {}, cause)));
      list.replaceChildren(...shown.map(([implementation, check]) => entry(report, implementation, check)));
    };
    const form = filterForm(report, route, [], draw);
    draw(route.params);
    return [form, status, causes, list];
  },
};

function failing(report: Report, params: Readonly<Record<string, string>>): [implementation: number, check: number][] {
  const filters = filtersOf(params);
  const { implementations, checks } = select(report, filters);
  return implementations.flatMap((i) =>
    checks.flatMap((check): [number, number][] => {
      const fits = fitsVerdict(report, i, check, filters.verdict);
      const failed = ['fail', 'crash', 'timeout'].includes(report.verdict(i, check) ?? '');
      return fits && failed ? [[i, check]] : [];
    }),
  );
}

function entry(report: Report, implementation: number, check: number): HTMLElement {
  const { key } = report.data.implementations[implementation];
  const view = report.check(implementation, check);
  const failure = report.failure(implementation, check);
  const kind = [view?.verdict, view?.class, ...(view?.expected ? ['as expected'] : [])].filter(Boolean).join(', ');
  return element(
    'li',
    {},
    checkLink(report, implementation, check, `${key} · ${report.names[check].id}`),
    element('span', { class: 'kind', 'data-verdict': view?.verdict ?? 'fail' }, `✗ ${kind}`),
    element('p', {}, failure?.summary.message ?? view?.reason ?? ''),
    ...(failure?.summary.hint ? [element('p', { class: 'quiet' }, failure.summary.hint)] : []),
  );
}
