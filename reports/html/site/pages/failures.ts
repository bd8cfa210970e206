/// <reference lib="dom" />
import { plural } from '../../../text/plain-text.js';
import type { CauseData } from '../../site-data.js';
import { element } from '../dom.js';
import { checkChoices, filterForm, searchChecks } from '../filter-form.js';
import { filtersOf, fitsVerdict, select } from '../filters.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import type { Report } from '../report.js';
import { causeSection } from '../sections/cause-section.js';

const most = 100;

/** Page of all failures by cause. */
export const failures: Page = {
  name: 'failures',
  title: 'Failures',
  listed: true,
  async render(report, route) {
    const status = element('p', { role: 'status', 'aria-live': 'polite' });
    const list = element('div', { class: 'causes' });
    const all = await report.part('causes');
    const draw = (params: Readonly<Record<string, string>>) => {
      const found = matching(report, all, params);
      const shown = found.slice(0, most);
      const checks = found.reduce((sum, cause) => sum + cause.checks.length, 0);
      status.textContent =
        found.length === 0
          ? 'No failure matches these filters.'
          : `${plural(checks, 'failure')} of ${plural(found.length, 'cause')}${found.length > most ? `, of which the first ${most} are listed. Use the filters to see the rest.` : ''}`;
      list.replaceChildren(...sections(report, shown));
    };
    const form = filterForm(route, searchChecks, checkChoices(report), draw);
    draw(route.params);
    return [form, status, list];
  },
};

function sections(report: Report, causes: readonly CauseData[]): Node[] {
  return causes.flatMap((cause, i) => {
    const { key } = report.index.implementations[cause.implementation];
    const head =
      causes[i - 1]?.implementation === cause.implementation ? [] : [element('h2', {}, link('implementation', { adapter: key }, key))];
    return [...head, causeSection(report, cause)];
  });
}

function matching(report: Report, causes: readonly CauseData[], params: Readonly<Record<string, string>>): CauseData[] {
  const filters = filtersOf(params);
  const { implementations, checks } = select(report, filters);
  const selected = new Set(checks);
  return causes.flatMap((cause) => {
    if (!implementations.includes(cause.implementation)) return [];
    const found = cause.checks.filter((check) => selected.has(check) && fitsVerdict(report, cause.implementation, check, filters.verdict));
    return found.length === 0 ? [] : [{ ...cause, checks: found }];
  });
}
