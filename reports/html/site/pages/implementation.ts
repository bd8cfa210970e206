/// <reference lib="dom" />
import { dialectAxes } from '../../../../spec/dialect.js';
import { plural } from '../../../text/plain-text.js';
import type { ImplementationData } from '../../site-data.js';
import { loadCharts } from '../charts.js';
import { copyable } from '../copyable.js';
import { element, terms } from '../dom.js';
import { checkLink, link } from '../links.js';
import type { Page } from '../page.js';
import { type Details, describeImplementation, type OutputErrors, type Report } from '../report.js';
import { checksOf, scoreBar, scoreOf } from '../score.js';
import { causeSection } from '../sections/cause-section.js';
import { historySection } from '../sections/history-section.js';
import { showRatio } from '../show-number.js';
import { groupsOf } from '../tables/groups.js';
import { table } from '../tables/table.js';
import { tallyCell, tallyOf } from '../tables/tally-cell.js';

/** Number of causes to show in full. */
const mostWhole = 12;

export const implementation: Page = {
  name: 'implementation',
  title: 'Implementation',
  titleOf: ({ params }) => params.adapter,
  within: 'implementations',
  listed: false,
  async render(report, { params }) {
    const at = report.implementation(params.adapter ?? '');
    if (at < 0)
      return [
        element('p', { class: 'empty' }, 'This report has no such implementation. '),
        link('implementations', {}, 'Show all implementations'),
      ];
    const one = report.index.implementations[at];
    const head = [
      element('h2', {}, one.key),
      element('p', { class: 'quiet' }, describeImplementation(one), ...(one.file === undefined ? [] : [` · ${one.file}`])),
    ];
    if (one.unavailable)
      return [...head, element('p', {}, `Not judged: ${one.unavailable.reason}.`), element('p', {}, `Remedy: ${one.unavailable.remedy}`)];
    const details = await report.details(at);
    return [
      ...head,
      element('p', { class: 'summary' }, scoreBar(scoreOf(report, at, checksOf(report)))),
      ...profileSection(one),
      ...(await causesSection(report, at, details)),
      ...aloneSection(report, at),
      ...dialectSection(one),
      ...historySection(details.data.history),
      ...partsSection(report, at),
      ...folded(report, at, details),
    ];
  },
};

function profileSection({ profiles, key }: ImplementationData): Node[] {
  const judged = profiles.flatMap(({ name, badge, mustPass }) => (badge ? [{ name, badge, mustPass }] : []));
  if (judged.length === 0) return [];
  const base = /^https?:/.test(location.protocol) ? new URL('.', location.href.split('#')[0]).href : 'https://YOUR-SITE/';
  const page = `${base}index.html#/implementation?${new URLSearchParams({ adapter: key })}`;
  const markdown = judged.map(
    ({ badge }) => `[![${badge.label}: ${badge.message}](${base}badges/${encodeURIComponent(badge.file)}.svg)](${page})`,
  );
  return [
    element('h3', {}, 'Profiles'),
    element(
      'ul',
      { class: 'badges' },
      ...judged.map(({ badge }) =>
        element(
          'li',
          {},
          element('img', { src: `badges/${encodeURIComponent(badge.file)}.svg`, alt: `${badge.label}: ${badge.message}`, height: '20' }),
        ),
      ),
    ),
    element(
      'details',
      {},
      element('summary', {}, 'Markdown of these badges'),
      copyable('Markdown of these badges', markdown.join('\n')),
      ...(base.startsWith('https://YOUR-SITE')
        ? [element('p', { class: 'quiet' }, 'Replace https://YOUR-SITE/ by the address at which the folder of this report is served.')]
        : []),
    ),
  ];
}

async function causesSection(report: Report, at: number, details: Details): Promise<Node[]> {
  const causes = await report.causes(at);
  const title = element('h3', { id: 'causes' }, causes.length === 0 ? 'No failure' : `Why it fails: ${plural(causes.length, 'cause')}`);
  if (causes.length === 0) return [title, element('p', {}, 'Every check that was judged passes.')];
  const { drawPicture } = await loadCharts();
  return [
    title,
    ...causes.map((cause, i) => causeSection(report, cause, i < mostWhole ? details.failure(cause.smallest) : undefined, drawPicture)),
  ];
}

function aloneSection(report: Report, at: number): Node[] {
  const { alone } = report.index.implementations[at];
  if (alone.length === 0) return [];
  return [
    element('h3', {}, `Fails only here: ${plural(alone.length, 'check')}`),
    element(
      'details',
      {},
      element('summary', {}, 'Checks that every other judged implementation passes'),
      element('ul', { class: 'lines' }, ...alone.map((check) => element('li', {}, checkLink(report, at, check, report.names[check].id)))),
    ),
  ];
}

function dialectSection({ dialect }: ImplementationData): Node[] {
  const entries = Object.entries(dialect);
  const odd = entries.filter(([, { deviates }]) => deviates);
  const rows = entries.map(([axis, { value, from, deviates }]) => [
    axis,
    deviates ? element('td', { class: 'deviates' }, `≠ ${value}`) : value,
    dialectAxes[axis as keyof typeof dialectAxes]?.[0] ?? '',
    from,
  ]);
  return [
    element('h3', {}, 'Dialect'),
    odd.length === 0
      ? element('p', {}, 'The default value on every axis.')
      : element('p', { class: 'odd' }, ...odd.map(([axis, { value }]) => element('span', { class: 'chip' }, `≠ ${axis}=${value}`))),
    element('details', {}, element('summary', {}, 'Every axis'), table('Dialect', ['Axis', 'Value', 'Default', 'From'], rows)),
  ];
}

function partsSection(report: Report, at: number): Node[] {
  const claimed = checksOf(report).filter((check) => {
    const verdict = report.verdict(at, check);
    return verdict !== undefined && verdict !== 'unsupported';
  });
  const kinds = [
    ['operators', 'operator'],
    ['masks', 'mask'],
    ['schemes', 'scheme'],
    ['storage types', 'dtype'],
  ] as const;
  return [
    element('h3', {}, 'What it claims'),
    ...kinds.flatMap(([title, by]) => {
      const groups = groupsOf(report, claimed, by === 'operator' ? '' : by).filter(({ name }) => name !== 'any' && name !== 'one device');
      if (groups.length === 0) return [];
      const rows = groups.map(({ name, checks }) => [
        by === 'dtype' ? name : link('document', { kind: by, name: name.split('+')[0] }, name),
        tallyCell(tallyOf(report, at, checks)),
      ]);
      return [
        element('details', {}, element('summary', {}, `${groups.length} ${title}`), table(`Verdicts by ${by}`, [by, 'Checks'], rows)),
      ];
    }),
    element(
      'p',
      {},
      link('matrix', { adapter: report.index.implementations[at].key }, 'Show all checks of this implementation in the matrix'),
    ),
  ];
}

function folded(report: Report, at: number, details: Details): Node[] {
  const { data } = details;
  const one = report.index.implementations[at];
  const errors = worstErrors(details.errors());
  const run = report.index.runs[one.run];
  return [
    ...(errors.length === 0
      ? []
      : [
          element('h3', {}, 'Accuracy'),
          element(
            'p',
            {},
            `Largest error ÷ bound: ${errors[0][1]} (${errors[0][0]}). `,
            link('accuracy', {}, 'Compare with other implementations'),
          ),
          element(
            'details',
            {},
            element('summary', {}, 'Every output'),
            table('Accuracy', ['Output', 'Max error ÷ bound', 'Max ULP'], errors),
          ),
        ]),
    element('h3', {}, 'Environment'),
    element('p', {}, `${one.device}; judged ${run.started.slice(0, 10)}, ${plural(run.runs, 'case')} per check, seed ${run.seed}.`),
    element(
      'details',
      {},
      element('summary', {}, 'Full environment'),
      element('dl', {}, ...terms([['result', run.file], ...Object.entries(data.environment)])),
    ),
  ];
}

/** Returns the largest errors of each output over all checks, the largest first. */
function worstErrors(errors: readonly OutputErrors[]): [string, string, string][] {
  const worst = new Map<string, [ratio: number, ulp: number]>();
  for (const { output, elements, maxOverBound, maxUlp } of errors) {
    if (elements === 0) continue;
    const [ratio, ulp] = worst.get(output) ?? [0, 0];
    worst.set(output, [Math.max(ratio, Number(maxOverBound)), Math.max(ulp, Number(maxUlp))]);
  }
  return [...worst]
    .sort(([, [a]], [, [b]]) => (Number.isNaN(a) ? -1 : b - a))
    .map(([name, [ratio, ulp]]) => [name, showRatio(ratio), showRatio(ulp)]);
}
