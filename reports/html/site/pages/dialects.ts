/// <reference lib="dom" />
import { dialectAxes } from '../../../../spec/dialect.js';
import { element } from '../dom.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import type { Report } from '../report.js';
import { table } from '../tables/table.js';

export const dialects: Page = {
  name: 'dialects',
  title: 'Dialects',
  listed: true,
  render(report) {
    const axes = Object.entries(dialectAxes);
    return [
      element('h2', {}, 'Dialects'),
      element(
        'p',
        {},
        'Conventions in which implementations of attention differ, as each implementation declares them. A kernel is judged by the conventions that it declares, and otherwise by the defaults. ≠ marks values other than the default.',
      ),
      table(
        'Dialect of each implementation',
        ['Implementation', ...axes.map(([axis]) => axis)],
        [
          ['default', ...axes.map(([, [usual]]) => element('td', { class: 'quiet' }, usual))],
          ...report.available.map((i) =>
            rowOf(
              report,
              i,
              axes.map(([axis]) => axis),
            ),
          ),
        ],
      ),
    ];
  },
};

function rowOf(report: Report, implementation: number, axes: readonly string[]): Node[] {
  const { key, dialect } = report.index.implementations[implementation];
  const cells = axes.map((axis) => {
    const entry = Object.hasOwn(dialect, axis) ? dialect[axis] : undefined;
    if (!entry) return element('td', {}, '');
    if (!entry.deviates) return element('td', { class: 'quiet' }, entry.value);
    return element('td', { class: 'deviates', title: entry.from }, `≠ ${entry.value}${entry.from === 'flag' ? ' (by flag)' : ''}`);
  });
  return [link('implementation', { adapter: key }, key), ...cells];
}
