/// <reference lib="dom" />
import { plural } from '../../../text/plain-text.js';
import type { TrendPoint } from '../../../trend/trend.js';
import { element } from '../dom.js';
import { showRatio } from '../show-number.js';
import { table } from '../tables/table.js';

/** Section of verdicts and accuracy over versions; empty for a single version. */
export function historySection(history: readonly TrendPoint[]): Node[] {
  if (history.length === 0) return [];
  const outputs = [...new Set(history.flatMap(({ accuracy }) => accuracy.map(({ dtype, output }) => `${dtype} ${output}`)))];
  const rows = history.map((point) => [
    point.version ?? 'no version',
    point.started.slice(0, 10),
    String(point.pass),
    point.fail === 0
      ? '0'
      : element('td', { 'data-verdict': 'fail' }, point.fail === point.expected ? `(✗) ${point.fail}` : `✗ ${point.fail}`),
    String(point.unsupported),
    changes(point.regressions, '✗'),
    changes(point.fixes, '✓'),
    ...outputs.map((name) => {
      const found = point.accuracy.find(({ dtype, output }) => `${dtype} ${output}` === name);
      return found ? showRatio(found.maxOverBound) : '';
    }),
  ]);
  return [
    element('h3', {}, `History: ${plural(history.length, 'result')}`),
    table(
      'History',
      ['Version', 'Judged', 'Pass', 'Fail', 'Unsupported', 'Regressions', 'Fixes', ...outputs.map((name) => `${name}, error ÷ bound`)],
      rows,
    ),
  ];
}

function changes(ids: readonly string[], sign: string): Node | string {
  if (ids.length === 0) return '0';
  return element(
    'details',
    { class: 'inline' },
    element('summary', {}, `${sign} ${ids.length}`),
    element('ul', { class: 'lines' }, ...ids.slice(0, 50).map((id) => element('li', {}, id))),
  );
}
