import { plainLine, printable } from '../../../reports/text/plain-text.js';
import { formatTable } from '../../../reports/text/table.js';
import type { Trend, TrendPoint } from '../../../reports/trend/trend.js';
import { ratioText } from '../../../spec/numeric/over-bound.js';

const mostNamed = 5;

/** Formats a table per trend, for a terminal. */
export function describeTrends(trends: readonly Trend[]): string {
  return trends.length === 0 ? 'No adapter was judged.\n' : printable(trends).map(describeTrend).join('\n');
}

function describeTrend({ adapter, title, points }: Trend): string {
  const outputs = [...new Set(points.flatMap(({ accuracy }) => accuracy.map(({ dtype, output }) => `${dtype} ${output}`)))];
  const head = ['VERSION', 'JUDGED', 'PASS', 'FAIL', 'UNSUPPORTED', 'REGRESSIONS', 'FIXES', ...outputs];
  const rows = points.map((point) => [
    plainLine(point.version ?? 'none'),
    point.started.slice(0, 10),
    String(point.pass),
    `${point.fail}${point.expected > 0 ? ` (${point.expected} expected)` : ''}`,
    String(point.unsupported),
    String(point.regressions.length),
    String(point.fixes.length),
    ...outputs.map((name) => errorText(point, name)),
  ]);
  const align = head.map((_, i) => (i < 2 ? 'left' : 'right') as 'left' | 'right');
  return `${plainLine(`${adapter}: ${title}`)}\n${formatTable(head, rows, align)}${changes(points)}`;
}

function errorText({ accuracy }: TrendPoint, name: string): string {
  const found = accuracy.find(({ dtype, output }) => `${dtype} ${output}` === name);
  if (!found) return '';
  return typeof found.maxOverBound === 'string' ? found.maxOverBound : ratioText(found.maxOverBound);
}

function changes(points: readonly TrendPoint[]): string {
  return points
    .flatMap(({ version, started, regressions, fixes }) =>
      (
        [
          ['regressions', regressions],
          ['fixes', fixes],
        ] as const
      ).flatMap(([what, ids]) => {
        if (ids.length === 0) return [];
        const named = ids.slice(0, mostNamed).join(', ');
        return [
          `${version ?? started.slice(0, 10)}, ${what}: ${named}${ids.length > mostNamed ? `, and ${ids.length - mostNamed} more` : ''}\n`,
        ];
      }),
    )
    .map((line) => `${plainLine(line)}\n`)
    .join('');
}
