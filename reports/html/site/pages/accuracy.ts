/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import { groupBy } from '../../../result/result.js';
import { plural } from '../../../text/plain-text.js';
import type { AccuracyData } from '../../site-data.js';
import { asPicture } from '../charts/as-picture.js';
import { chartFrame } from '../charts/chart-frame.js';
import { plotWidth } from '../charts/plot-width.js';
import { element } from '../dom.js';
import type { Page } from '../page.js';
import type { Report } from '../report.js';
import { warningSection } from '../sections/accuracy-warnings.js';
import { numericSection } from '../sections/numeric-section.js';
import { showRatio } from '../show-number.js';
import { table } from '../tables/table.js';

const bins = [...Array.from({ length: 10 }, (_, i) => `≤ ${((i + 1) / 10).toFixed(1)}`), '> 1'];

/** How far from the oracle each implementation is, against what its precision allows. */
export const accuracy: Page = {
  name: 'accuracy',
  title: 'Accuracy',
  listed: true,
  render(report) {
    const rows = report.data.accuracy.filter((row) => row.elements > 0);
    if (rows.length === 0)
      return [element('h2', {}, 'Accuracy'), element('p', { class: 'empty' }, 'No check of these results measured errors.')];
    return [
      element('h2', {}, 'Accuracy'),
      element(
        'p',
        {},
        'Each element that a kernel computes has a bound, derived from the precision that it declares. The chart counts the elements of all cases by error ÷ bound: further left is more accurate, and an element beyond 1 is wrong.',
      ),
      ...warningSection(report),
      ...[...groupBy(rows, (row) => row.dtype)].flatMap(([dtype, ofDtype]) => [
        element('h3', {}, dtype),
        chart(report, dtype, ofDtype),
        numbers(report, dtype, ofDtype),
        ...numericSection(report, dtype),
      ]),
    ];
  },
};

function chart(report: Report, dtype: string, rows: readonly AccuracyData[]): HTMLElement {
  const label = (row: AccuracyData) => `${report.data.implementations[row.implementation].key} · ${row.output}`;
  const cells = rows.flatMap((row) =>
    row.histogram.map((elements, bin) => {
      const share = elements / Math.max(row.elements, 1);
      return { row: label(row), bin: bins[bin], share, elements, beyond: bin === 10, text: textOf(share) };
    }),
  );
  type Cell = (typeof cells)[number];
  // each factor of ten of the share is a shade: tails are what matters
  const shade = (c: Cell) => (c.elements === 0 ? 0 : Math.max(8, 100 + 20 * Math.log10(c.share)));
  const longest = Math.max(...rows.map((row) => label(row).length));
  const plot = Plot.plot({
    width: plotWidth(),
    height: 40 + 22 * rows.length,
    marginLeft: Math.min(260, 16 + longest * 6.6),
    marginTop: 34,
    marginBottom: 4,
    x: { axis: 'top', label: 'error ÷ bound', domain: bins },
    y: { label: null, domain: rows.map(label) },
    color: { type: 'identity' },
    marks: [
      Plot.cell(cells, {
        x: 'bin',
        y: 'row',
        inset: 0.5,
        fill: (c: Cell) => `color-mix(in srgb, ${c.beyond ? 'var(--fail)' : 'var(--accent)'} ${shade(c)}%, var(--raised))`,
        title: (c: Cell) => `${c.row}, ${c.bin}: ${c.elements} elements`,
      }),
      Plot.text(cells, { x: 'bin', y: 'row', text: 'text', fill: (c: Cell) => (shade(c) > 55 ? 'var(--ground)' : 'var(--text)') }),
    ],
  });
  asPicture(plot, `Distribution of error ÷ bound for ${dtype}; the numbers are in the table below`);
  return chartFrame(`Errors of every element for ${dtype}`, plot);
}

function textOf(share: number): string {
  if (share === 0) return '';
  if (share >= 0.1) return `${Math.round(share * 100)}%`;
  return share >= 0.001 ? `${(share * 100).toFixed(1)}%` : '<0.1%';
}

function numbers(report: Report, dtype: string, rows: readonly AccuracyData[]): HTMLElement {
  const beyond = rows.filter((row) => row.histogram[10] > 0).length;
  const figures = table(
    `Largest errors for ${dtype}`,
    ['Implementation', 'Output', 'Max error ÷ bound', 'Max ULP', 'Elements', 'Beyond the bound'],
    rows.map((row) => [
      report.data.implementations[row.implementation].key,
      row.output,
      showRatio(row.maxOverBound),
      showRatio(row.maxUlp),
      row.elements.toLocaleString('en'),
      row.histogram[10] === 0 ? 'none' : `✗ ${row.histogram[10].toLocaleString('en')}`,
    ]),
  );
  const summary = `Largest errors for ${dtype}: ${plural(rows.length, 'output')}, ${beyond === 0 ? 'none' : `✗ ${beyond}`} of them beyond the bound`;
  return element('details', {}, element('summary', {}, summary), figures);
}
