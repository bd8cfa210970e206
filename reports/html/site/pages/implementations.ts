/// <reference lib="dom" />
import { plural } from '../../../text/plain-text.js';
import type { ImplementationData } from '../../site-data.js';
import { element } from '../dom.js';
import { type Choice, filterForm } from '../filter-form.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import type { Report } from '../report.js';
import { replaceRoute } from '../route.js';
import { checksOf, scoreBar, scoreOf, shareOf } from '../score.js';
import { noticesOf } from '../sections/notices.js';
import type { Tally } from '../verdicts.js';

interface Row {
  readonly at: number;
  readonly one: ImplementationData;
  readonly tally: Tally;
  readonly deviations: readonly string[];
}

interface Column {
  readonly name: string;
  readonly title: string;
  compare(a: Row, b: Row): number;
  cell(row: Row): Node | string;
  /** True if narrow pages may hide the cell. */
  isPlain?(row: Row): boolean;
}

const columns: readonly Column[] = [
  {
    name: 'name',
    title: 'Implementation',
    compare: (a, b) => compareTexts(a.one.key, b.one.key),
    cell: ({ one }) =>
      element('span', {}, link('implementation', { adapter: one.key }, one.key), element('span', { class: 'quiet about' }, one.title)),
  },
  {
    name: 'version',
    title: 'Version',
    compare: (a, b) => compareTexts(a.one.version ?? '', b.one.version ?? ''),
    cell: ({ one }) => one.version ?? element('span', { class: 'quiet' }, 'none'),
    isPlain: ({ one }) => one.version === null,
  },
  {
    name: 'device',
    title: 'Device',
    compare: (a, b) => compareTexts(a.one.device, b.one.device),
    cell: ({ one }) => one.device,
  },
  {
    name: 'score',
    title: 'Score',
    compare: (a, b) => (shareOf(b.tally) ?? -1) - (shareOf(a.tally) ?? -1) || b.tally.pass - a.tally.pass,
    cell: ({ tally }) => scoreBar(tally),
  },
  {
    name: 'cause',
    title: 'Worst cause',
    compare: (a, b) => b.tally.fail - a.tally.fail || b.one.causes - a.one.causes,
    cell: ({ one }) => causeCell(one),
    isPlain: ({ one }) => one.worst === undefined,
  },
  {
    name: 'dialect',
    title: 'Dialect',
    compare: (a, b) => b.deviations.length - a.deviations.length,
    isPlain: ({ deviations }) => deviations.length === 0,
    cell: ({ deviations }) =>
      deviations.length === 0
        ? element('span', { class: 'quiet' }, 'default')
        : element('span', { class: 'odd' }, ...deviations.map((text) => element('span', { class: 'chip' }, `≠ ${text}`))),
  },
  {
    name: 'alone',
    title: 'Fails only here',
    compare: (a, b) => b.one.alone.length - a.one.alone.length,
    isPlain: ({ one }) => one.alone.length === 0,
    cell: ({ one }) =>
      one.alone.length === 0
        ? element('span', { class: 'quiet' }, '0')
        : link('implementation', { adapter: one.key, at: 'alone' }, String(one.alone.length)),
  },
];

export const implementations: Page = {
  name: 'implementations',
  title: 'Implementations',
  listed: true,
  render(report, route) {
    const status = element('p', { role: 'status', 'aria-live': 'polite' });
    const place = element('div');
    let params: Readonly<Record<string, string>> = route.params;
    const sortBy = (name: string) => {
      const now = params.sort || 'score';
      params = { ...params, sort: now === name ? `-${name}` : name };
      replaceRoute({ page: route.page, params });
      draw();
      place.querySelector<HTMLElement>(`button[data-sort="${name}"]`)?.focus();
    };
    const draw = () => {
      const rows = rowsOf(report, params);
      status.textContent = `${rows.length} of ${plural(report.available.length, 'implementation')}`;
      place.replaceChildren(
        rows.length === 0 ? element('p', { class: 'empty' }, 'No implementation matches these filters.') : tableOf(rows, params, sortBy),
      );
    };
    const form = filterForm(route, { label: 'Search implementations', example: 'onnxruntime wasm' }, choicesOf(report), (changed) => {
      params = changed;
      draw();
    });
    draw();
    return [
      form,
      status,
      place,
      element(
        'p',
        { class: 'quiet' },
        'Score: checks passed of all judged checks. ✓ all pass · ✗ some fail · (✗) all failures are known and explained · unsupported: not claimed, so never called. Fails only here: checks that every other judged implementation passes. ≠ marks a convention other than the default; this is not a failure.',
      ),
      ...noticesOf(report),
    ];
  },
};

function choicesOf(report: Report): Choice[] {
  return [
    [
      'Show',
      'show',
      [
        ['', 'all'],
        ['failing', 'with unexpected failures'],
        ['known', 'with known failures only'],
        ['right', 'without failures'],
        ['alone', 'failing only here'],
      ],
    ],
    ['Score of', 'profile', [['', 'all checks'], ...report.index.profiles.map(({ name }) => [name, name] as const)]],
    [
      'Device',
      'device',
      [
        ['', 'all'],
        ...[...new Set(report.available.map((i) => report.index.implementations[i].device))].map((device) => [device, device] as const),
      ],
    ],
    [
      'Sort by',
      'sort',
      [['', 'Score'], ...columns.filter(({ name }) => name !== 'score').map(({ name, title }) => [name, title] as const)],
    ],
  ];
}

function rowsOf(report: Report, { search = '', show = '', profile = '', device = '', sort = '' }: Readonly<Record<string, string>>): Row[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const checks = checksOf(report, profile);
  const rows = report.available.map((at): Row => {
    const one = report.index.implementations[at];
    return { at, one, tally: scoreOf(report, at, checks), deviations: deviationsOf(one) };
  });
  const [reverse, name] = sort.startsWith('-') ? [-1, sort.slice(1)] : [1, sort];
  const column = columns.find((c) => c.name === (name || 'score'));
  return rows
    .filter(({ one, tally }) => {
      const text = `${one.key} ${one.title} ${one.version ?? ''} ${one.device}`.toLowerCase();
      return words.every((word) => text.includes(word)) && (device === '' || one.device === device) && fitsShow(one, tally, show);
    })
    .sort((a, b) => reverse * (column?.compare(a, b) ?? 0) || compareTexts(a.one.key, b.one.key));
}

function fitsShow(one: ImplementationData, { pass, fail, expected }: Tally, show: string): boolean {
  if (show === 'failing') return fail > expected;
  if (show === 'known') return fail > 0 && fail === expected;
  if (show === 'right') return fail === 0 && pass > 0;
  return show !== 'alone' || one.alone.length > 0;
}

/** Returns deviations from the default dialect, e.g. "causal=top-left". */
function deviationsOf({ dialect }: ImplementationData): string[] {
  return Object.entries(dialect).flatMap(([axis, { value, deviates }]) => (deviates ? [`${axis}=${value}`] : []));
}

function causeCell({ key, worst, causes }: ImplementationData): Node | string {
  if (!worst) return element('span', { class: 'quiet' }, 'none');
  return element(
    'span',
    { class: 'cause' },
    link('implementation', { adapter: key, at: 'causes' }, worst.title),
    element(
      'span',
      { class: 'quiet about' },
      `${worst.class}${worst.expected ? ', known' : ''} · ${plural(worst.checks, 'check')}${causes > 1 ? ` · and ${plural(causes - 1, 'more cause')}` : ''}`,
    ),
  );
}

function tableOf(rows: readonly Row[], params: Readonly<Record<string, string>>, sortBy: (name: string) => void): HTMLElement {
  const sorted = params.sort || 'score';
  const heads = columns.map(({ name, title }) => {
    const order = sorted === name ? 'ascending' : sorted === `-${name}` ? 'descending' : 'none';
    const button = element(
      'button',
      { type: 'button', 'data-sort': name },
      title,
      element('span', { 'aria-hidden': 'true' }, signOf(order)),
    );
    button.addEventListener('click', () => sortBy(name));
    return element('th', { scope: 'col', 'aria-sort': order, role: 'columnheader' }, button);
  });
  // narrow pages show rows as cards, which lose a table's implicit roles
  const body = rows.map((row) =>
    element(
      'tr',
      { role: 'row' },
      ...columns.map((column, i) =>
        i === 0
          ? element('th', { scope: 'row', role: 'rowheader' }, column.cell(row))
          : element(
              'td',
              { role: 'cell', 'data-label': column.title, class: `col-${column.name}${column.isPlain?.(row) ? ' plain' : ''}` },
              column.cell(row),
            ),
      ),
    ),
  );
  return element(
    'table',
    { class: 'board', role: 'table', 'aria-label': 'Implementations' },
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...heads)),
    element('tbody', { role: 'rowgroup' }, ...body),
  );
}

function signOf(order: string): string {
  return order === 'ascending' ? ' ▾' : order === 'descending' ? ' ▴' : '';
}

function compareTexts(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
