/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import { groupBy } from '../../../result.js';
import type { TimingData } from '../../site-data.js';
import { asPicture } from '../as-picture.js';
import { element } from '../dom.js';
import type { Page } from '../page.js';
import { plotWidth } from '../plot-width.js';
import type { Report } from '../report.js';
import { showNumber } from '../show-number.js';
import { table } from '../table.js';

/** How fast, against a baseline that was timed in between. */
export const timings: Page = {
  name: 'timings',
  title: 'Timings',
  listed: true,
  render(report) {
    const { timings: rows = [] } = report.data;
    const title = element('h2', {}, 'Timings');
    if (rows.length === 0) return [title, element('p', { class: 'empty' }, 'Nothing was timed for this report.')];
    const intro = element(
      'p',
      {},
      'Medians, and ratios to a baseline that was timed in between on the same machine. Below 1 is faster than the baseline. Software devices are marked and not to be compared with real ones.',
    );
    const charts = [...groupBy(rows, (row) => `${row.pass}, ${row.dtype}`)].flatMap(([what, of]) => [
      element('h3', {}, what),
      overLength(report, what, of),
      overMasks(report, what, of),
    ]);
    return [title, intro, ...charts, numbers(report, rows)];
  },
};

/** Lines: milliseconds over keys, a panel for each mask. */
function overLength(report: Report, what: string, rows: readonly TimingData[]): HTMLElement {
  const name = (row: TimingData) => nameOf(report, row);
  return chart(`${what}: median over length`, {
    marginLeft: 60,
    grid: true,
    x: { type: 'log', base: 2, label: 'keys →' },
    y: { type: 'log', label: '↑ ms', tickFormat: (ms: number) => (/^[125]/.test(ms.toExponential()) ? showNumber(ms) : '') },
    fx: { label: null },
    color: { domain: [...new Set(rows.map(name))] },
    symbol: { legend: true, domain: [...new Set(rows.map(name))] },
    marks: [
      Plot.line(rows, { x: 'length', y: 'median', fx: 'mask', z: name, stroke: name, sort: 'length' }),
      Plot.dot(rows, { x: 'length', y: 'median', fx: 'mask', stroke: name, symbol: name }),
    ],
  });
}

/** Bars: the ratio at the greatest length of each mask. */
function overMasks(report: Report, what: string, rows: readonly TimingData[]): HTMLElement {
  const longest = [...groupBy(rows, (row) => `${row.implementation} ${row.mask}`).values()].map((of) =>
    of.reduce((a, b) => (b.length > a.length ? b : a)),
  );
  const name = (row: TimingData) => nameOf(report, row);
  return chart(`${what}: ratio to the baseline at the greatest length`, {
    marginLeft: 200,
    x: { label: 'ratio →', grid: true },
    y: { label: null },
    fy: { label: null },
    marginRight: 120,
    marks: [
      Plot.barX(longest, { x: 'ratio', y: name, fy: 'mask', fill: 'var(--accent)' }),
      Plot.text(longest, { x: 'ratio', y: name, fy: 'mask', text: (row: TimingData) => showNumber(row.ratio), dx: 4, textAnchor: 'start' }),
      Plot.ruleX([1], { stroke: 'var(--text)', strokeDasharray: '4 3' }),
    ],
  });
}

function chart(title: string, options: Plot.PlotOptions): HTMLElement {
  const plot = Plot.plot({ width: plotWidth(), figure: true, ...options });
  asPicture(plot, title);
  const label = { class: 'scroll-plot', tabindex: '0', role: 'group', 'aria-label': title };
  return element('div', label, element('h4', {}, title), plot);
}

function numbers(report: Report, rows: readonly TimingData[]): HTMLElement {
  return table(
    'All timings',
    ['Implementation', 'Pass', 'Mask', 'Dtype', 'Keys', 'Median, ms', 'Ratio'],
    rows.map((row) => [
      nameOf(report, row),
      row.pass,
      row.mask,
      row.dtype,
      String(row.length),
      showNumber(row.median),
      showNumber(row.ratio),
    ]),
  );
}

function nameOf(report: Report, { implementation, software }: TimingData): string {
  return `${report.data.implementations[implementation].key}${software ? ' (software)' : ''}`;
}
