/// <reference lib="dom" />
import type { WarningData } from '../../site-data.js';
import { element } from '../dom.js';
import { checkLink } from '../links.js';
import type { Report } from '../report.js';
import { table } from '../tables/table.js';

/** Section of warnings about errors within their bounds; empty without warnings. */
export function warningSection(report: Report, warnings: readonly WarningData[]): HTMLElement[] {
  const { implementations } = report.index;
  if (warnings.length === 0) return [];
  return [
    element('h3', {}, 'Within the bounds, but suspicious'),
    element(
      'p',
      {},
      'These are no failures. The errors are larger than those of a textbook implementation of the same precision, or they lean to one side.',
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
