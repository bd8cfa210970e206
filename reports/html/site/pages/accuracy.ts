/// <reference lib="dom" />
/// <reference lib="dom" />
/// <reference lib="dom" />
import { groupBy } from '../../../result/result.js';
import { plural } from '../../../text/plain-text.js';
import type { AccuracyData, NumericData, WarningData } from '../../site-data.js';
import { loadCharts } from '../charts.js';
import { element } from '../dom.js';
import { checkLink } from '../links.js';
import type { Page } from '../page.js';
import type { Report } from '../report.js';
import { showRatio } from '../show-number.js';
import { table } from '../tables/table.js';

/** Section of the numeric profiles for a dtype, folded. */
function numericSection(report: Report, numerics: readonly NumericData[], dtype: string): HTMLElement[] {
  const rows = numerics.filter((n) => n.dtype === dtype && !report.index.implementations[n.implementation].unavailable);
  if (rows.length === 0) return [];
  const keys = Object.keys(rows[0].lines);
  const profiles = table(
    `Numeric profiles for ${dtype}`,
    ['Implementation', ...keys],
    rows.map(({ implementation, lines }) => [report.index.implementations[implementation].key, ...keys.map((key) => lines[key])]),
  );
  return [element('details', {}, element('summary', {}, `What the bounds for ${dtype} are derived from`), profiles)];
}

/** Section of warnings about errors within their bounds; empty without warnings. */
function warningSection(report: Report, warnings: readonly WarningData[]): HTMLElement[] {
  const { implementations } = report.index;
  if (warnings.length === 0) return [];
  return [
    element('h3', {}, 'Within the bounds, but suspicious'),
    element(
      'p',
      {},
      'These are not failures. The errors are larger than the errors of a textbook implementation of the same precision, or they lean to one side.',
    ),
    table(
      'Accuracy warnings',
      ['Implementation', 'Output', 'What', 'Worst', 'Checks', 'The worst'],
      warnings.map(({ implementation, output, kind, text, checks, check }) => [
        implementations[implementation].key,
        output,
        kind,
        element('td', { class: 'deviates' }, `! ${text}`),
        String(checks),
        checkLink(report, implementation, check, report.names[check].id),
      ]),
    ),
  ];
}

export const accuracy: Page = {
  name: 'accuracy',
  title: 'Accuracy',
  listed: true,
  async render(report) {
    const { sums, warnings, numerics } = await report.part('accuracy');
    const rows = sums.filter((row) => row.elements > 0);
    if (rows.length === 0)
      return [element('h2', {}, 'Accuracy'), element('p', { class: 'empty' }, 'No check of these results measured errors.')];
    const { errorChart } = await loadCharts();
    return [
      element('h2', {}, 'Accuracy'),
      element(
        'p',
        {},
        'Each element that a kernel computes has a bound, derived from the precision that it declares. The chart counts the elements of all cases by error ÷ bound: further left is more accurate, and an element beyond 1 is wrong.',
      ),
      ...warningSection(report, warnings),
      ...[...groupBy(rows, (row) => row.dtype)].flatMap(([dtype, ofDtype]) => [
        element('h3', {}, dtype),
        ...summaryOf(report, ofDtype),
        element(
          'details',
          {},
          element('summary', {}, `Errors of every element for ${dtype}, and their bounds`),
          errorChart(dtype, ofDtype, (row) => report.index.implementations[row.implementation].key),
          numbers(report, dtype, ofDtype),
          ...numericSection(report, numerics, dtype),
        ),
      ]),
    ];
  },
};

/** Describes the errors nearest to their bounds, and errors above them. */
function summaryOf(report: Report, rows: readonly AccuracyData[]): HTMLElement[] {
  const beyond = rows.filter((row) => row.histogram[10] > 0);
  const within = rows.filter((row) => row.histogram[10] === 0);
  const worst = within.reduce<AccuracyData | undefined>(
    (found, row) => (found && Number(found.maxOverBound) >= Number(row.maxOverBound) ? found : row),
    undefined,
  );
  const name = ({ implementation, output }: AccuracyData) => `${output} of ${report.index.implementations[implementation].key}`;
  return [
    ...(worst
      ? [
          element(
            'p',
            {},
            `Within the bounds: ${plural(within.length, 'output')}; ${name(worst)} is nearest to its bound, at ${showRatio(worst.maxOverBound)} of the bound.`,
          ),
        ]
      : []),
    ...(beyond.length > 0 ? [element('p', {}, `✗ Beyond the bounds: ${beyond.map(name).join(', ')}.`)] : []),
  ];
}

function numbers(report: Report, dtype: string, rows: readonly AccuracyData[]): HTMLElement {
  const beyond = rows.filter((row) => row.histogram[10] > 0).length;
  const figures = table(
    `Largest errors for ${dtype}`,
    ['Implementation', 'Output', 'Max error ÷ bound', 'Max ULP', 'Elements', 'Beyond the bound'],
    rows.map((row) => [
      report.index.implementations[row.implementation].key,
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
