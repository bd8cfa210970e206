/// <reference lib="dom" />
import { element } from '../dom.js';
import type { Selection } from '../filters.js';
import { checkLink, link } from '../links.js';
import { describeImplementation, type Report } from '../report.js';
import { verdictSigns } from '../verdicts.js';
import type { Group } from './groups.js';
import { scrolling } from './table.js';
import { tallyCell, tallyOf } from './tally-cell.js';

/// <reference lib="dom" />

const steps: Readonly<Record<string, readonly [down: number, across: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

/** Makes a table one tab stop, with arrow keys between cells. */
function walkWithArrows(table: HTMLTableElement): void {
  const stops = () => table.querySelectorAll<HTMLElement>('tbody :is(a, button)');
  for (const [i, stop] of stops().entries()) stop.tabIndex = i === 0 ? 0 : -1;
  table.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    const from = (event.target as HTMLElement).closest<HTMLTableCellElement>('tbody :is(td, th)');
    if (!step || !from) return;
    event.preventDefault();
    const to = neighbour(table, from, step);
    if (!to) return;
    (event.target as HTMLElement).tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  });
}

/** Returns the next link or button in the row, or in the next row that has one. */
function neighbour(
  table: HTMLTableElement,
  from: HTMLTableCellElement,
  [down, across]: readonly [number, number],
): HTMLElement | undefined {
  const rows = table.tBodies[0].rows;
  const start = (from.parentElement as HTMLTableRowElement).sectionRowIndex;
  const stop = (place: Element | undefined) => place?.querySelector<HTMLElement>('a, button') ?? undefined;
  for (let row = start + down; down !== 0 && rows[row]; row += down) {
    const found = stop(rows[row].cells[from.cellIndex]) ?? stop(rows[row]);
    if (found) return found;
  }
  for (let column = from.cellIndex + across; across !== 0 && rows[start].cells[column]; column += across) {
    const found = stop(rows[start].cells[column]);
    if (found) return found;
  }
  return undefined;
}

const mostCells = 12_000;

/** @param opened gets the names of the open groups, separated by commas. */
export function matrixTable(
  report: Report,
  { implementations }: Selection,
  groups: readonly Group[],
  open: ReadonlySet<string> | 'all',
  opened: (names: string) => void,
): HTMLElement {
  const body = element('tbody');
  const table = element(
    'table',
    { class: 'matrix' },
    element('caption', { class: 'hidden' }, 'Verdicts of the checks on each implementation'),
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Check'), ...implementations.map((i) => columnHead(report, i)))),
    body,
  ) as HTMLTableElement;
  const isOpen = new Set(open === 'all' ? groups.map((g) => g.name) : open);
  const draw = () => {
    let cells = 0;
    const rows: Node[] = [];
    for (const group of groups) {
      const shown = isOpen.has(group.name);
      const head = groupRow(report, implementations, group, shown, () => {
        if (shown) isOpen.delete(group.name);
        else isOpen.add(group.name);
        opened([...isOpen].join(','));
        draw();
        table.querySelector<HTMLElement>(`button[data-group="${CSS.escape(group.name)}"]`)?.focus();
      });
      rows.push(head);
      if (!shown) continue;
      const fitting = Math.max(0, Math.floor((mostCells - cells) / Math.max(implementations.length, 1)));
      const members = group.checks.slice(0, fitting);
      cells += members.length * implementations.length;
      rows.push(...members.map((check) => checkRow(report, implementations, check)));
      const left = group.checks.length - members.length;
      if (left > 0) rows.push(leftRow(left, implementations.length));
    }
    body.replaceChildren(...rows);
    walkWithArrows(table);
  };
  draw();
  return scrolling('Matrix of checks and implementations', table);
}

function columnHead(report: Report, implementation: number): HTMLElement {
  const one = report.index.implementations[implementation];
  const name = link('implementation', { adapter: one.key }, one.key);
  const rest = [one.version, one.device].filter(Boolean).join(' · ');
  return element(
    'th',
    { scope: 'col', title: describeImplementation(one) },
    element('span', { class: 'turned' }, name, element('span', { class: 'quiet' }, rest)),
  );
}

function groupRow(
  report: Report,
  implementations: readonly number[],
  { name, checks }: Group,
  open: boolean,
  toggle: () => void,
): HTMLElement {
  const button = element(
    'button',
    { type: 'button', 'aria-expanded': String(open), 'data-group': name },
    `${open ? '▾' : '▸'} ${name} `,
    element('span', { class: 'quiet' }, String(checks.length)),
  );
  button.addEventListener('click', toggle);
  return element(
    'tr',
    { class: 'group' },
    element('th', { scope: 'row' }, button),
    ...implementations.map((i) =>
      tallyCell(tallyOf(report, i, checks), (text, words) => element('span', { role: 'img', 'aria-label': words }, text)),
    ),
  );
}

function checkRow(report: Report, implementations: readonly number[], check: number): HTMLElement {
  const { id } = report.names[check];
  return element('tr', {}, element('th', { scope: 'row' }, id), ...implementations.map((i) => checkCell(report, i, check)));
}

function checkCell(report: Report, implementation: number, check: number): HTMLElement {
  const verdict = report.verdict(implementation, check);
  if (!verdict) return element('td');
  const sign = verdictSigns[verdict];
  const expected = report.isExpected(implementation, check);
  const made = checkLink(report, implementation, check, expected && verdict !== 'pass' ? `(${sign})` : sign);
  made.setAttribute('aria-label', expected ? `${verdict} as expected` : verdict);
  return element('td', { 'data-verdict': verdict }, made);
}

function leftRow(left: number, columns: number): HTMLElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, `and ${left} more`),
    element('td', { colspan: String(columns), class: 'quiet' }, 'use the filters to see them'),
  );
}
