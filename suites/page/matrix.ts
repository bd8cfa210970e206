/// <reference lib="dom" />

import { byId, element } from '../../reports/html/site/dom.js';
import { segmentsOf } from '../../reports/result/result.js';
import type { CheckResult } from '../../spec/types/documents.js';
import type { Check } from '../contract/check.js';

function rowOf(id: string): string {
  const { operator, mask, dtype } = segmentsOf(id);
  return `${operator}/${mask} ${dtype}`;
}

/** Anchor of a check's failure. */
export function anchorOf(id: string): string {
  return `failure-${id.replaceAll(/[^\w-]/g, '-')}`;
}

/** Verdicts, without rows of unclaimed checks alone. */
export class Matrix {
  private readonly cells = new Map<string, HTMLElement>();

  constructor(checks: readonly Check[]) {
    const claimed = checks.filter((check) => check.unsupported === undefined);
    const properties = [...new Set(claimed.map(({ property }) => property))];
    const rows = [...new Set(claimed.map(({ id }) => rowOf(id)))];
    const byRow = new Map(checks.map((check) => [`${rowOf(check.id)} ${check.property}`, check]));
    const cell = (row: string, property: string) => {
      const check = byRow.get(`${row} ${property}`);
      const made = element('td');
      if (check) this.cells.set(check.id, made);
      return made;
    };
    byId('matrix').hidden = rows.length === 0;
    byId('matrix')
      .querySelector('table')
      ?.replaceChildren(
        element('thead', {}, element('tr', {}, element('td'), ...properties.map((name) => element('th', { scope: 'col' }, name)))),
        element(
          'tbody',
          {},
          ...rows.map((row) => element('tr', {}, element('th', { scope: 'row' }, row), ...properties.map((name) => cell(row, name)))),
        ),
      );
    const unclaimed = checks.length - claimed.length;
    byId('unclaimed').textContent =
      unclaimed > 0 ? `Not claimed by the kernel, and so not called (–): ${unclaimed} of ${checks.length} checks.` : '';
  }

  begin(check: Check): void {
    this.show(check.id, 'running', '…');
  }

  end(check: CheckResult): void {
    if (check.verdict === 'unsupported') this.show(check.id, check.verdict, '–', check.reason);
    else if (check.failure)
      this.show(check.id, check.verdict, element('a', { href: `#${anchorOf(check.id)}` }, check.verdict), check.class);
    else this.show(check.id, check.verdict, check.verdict, check.reason);
  }

  private show(id: string, verdict: string, content: Node | string, title?: string): void {
    const cell = this.cells.get(id);
    if (!cell) return;
    cell.dataset.verdict = verdict;
    if (title !== undefined) cell.title = title;
    cell.replaceChildren(content);
  }
}
