/// <reference lib="dom" />
import { undecidedShare } from '../../../result/undecided-share.js';
import { plural } from '../../../text/plain-text.js';
import type { CauseData } from '../../site-data.js';
import { loadCharts } from '../charts.js';
import { element, terms } from '../dom.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import { type CheckView, describeImplementation } from '../report.js';
import { references } from '../sections/cause-section.js';
import { failureSections } from '../sections/failure-sections.js';
import { showRatio } from '../show-number.js';
import { table } from '../tables/table.js';
import { verdictSigns } from '../verdicts.js';

export const check: Page = {
  name: 'check',
  title: 'Check',
  listed: false,
  titleOf: ({ params }) => params.id,
  within: 'matrix',
  async render(report, { params }) {
    const implementation = report.implementation(params.adapter ?? '');
    const at = report.index.ids.indexOf(params.id ?? '');
    const details = implementation >= 0 && at >= 0 ? await report.details(implementation) : undefined;
    const view = details?.check(at);
    if (!view) return [element('p', { class: 'empty' }, 'This report has no such check. '), link('matrix', {}, 'To the matrix')];
    const one = report.index.implementations[implementation];
    const failure = details?.failure(at);
    const cause = failure && (await report.causes(implementation)).find(({ checks }) => checks.includes(at));
    const shown = failure ? failureSections(failure, (await loadCharts()).drawPicture) : [];
    return [
      element('h2', {}, report.names[at].id),
      element('p', {}, 'On ', link('implementation', { adapter: one.key }, one.key), ` (${describeImplementation(one)})`),
      element('p', { class: 'verdict', 'data-verdict': view.verdict }, verdictLine(view)),
      ...(cause ? causeNote(one.key, cause) : []),
      ...shown,
      ...(failure ? [element('h3', {}, 'What was tried')] : []),
      element('dl', {}, ...terms(facts(view))),
      ...(view.errors.length > 0 ? [element('h3', {}, 'Errors over all cases'), errorTable(view)] : []),
      element('p', {}, link('matrix', { search: report.names[at].id }, 'This check on every implementation')),
    ];
  },
};

function causeNote(adapter: string, { why, link: documentation, finding, checks }: CauseData): Node[] {
  const others = checks.length - 1;
  return [
    ...(why === undefined ? [] : [element('p', {}, `Known: ${why}`)]),
    ...references(documentation, finding),
    ...(others === 0
      ? []
      : [
          element(
            'p',
            {},
            link(
              'implementation',
              { adapter, at: 'causes' },
              `${plural(others, 'other check')} fail${others === 1 ? 's' : ''} by the same cause`,
            ),
          ),
        ]),
  ];
}

function verdictLine(view: CheckView): string {
  const { verdict, class: kind, expected, surprising } = view;
  const sign = verdictSigns[verdict].split(' ')[0];
  return [
    `${sign} ${verdict}${kind === '' ? '' : ` (${kind})`}`,
    ...(expected ? ['as expected'] : []),
    ...(surprising ? ['although a failure was expected'] : []),
  ].join(', ');
}

function facts({ reason, cases, undecided, coverage, milliseconds, verdict }: CheckView): [string, string][] {
  if (verdict === 'unsupported' || verdict === 'unavailable' || verdict === 'not-run') return [['reason', reason || 'not claimed']];
  return [
    ...(reason === '' ? [] : ([['reason', reason]] as [string, string][])),
    [
      'cases',
      undecided === 0
        ? String(cases)
        : `${cases}, and ${undecided} more that were replaced because too few of their elements could be judged`,
    ],
    ...(coverage === '' ? [] : ([['coverage', coverage]] as [string, string][])),
    ['time', `${(milliseconds / 1000).toFixed(2)} s`],
  ];
}

function errorTable({ errors }: CheckView): HTMLElement {
  return table(
    'Errors over all cases',
    ['Output', 'Max error ÷ bound', 'Max ULP', 'Elements'],
    errors.map((e) => [e.output, showRatio(e.maxOverBound), showRatio(e.maxUlp), elementsOf(e)]),
  );
}

/** Describes the judged elements, and the share of undecided elements above 1 %. */
function elementsOf({ elements, undecided, because }: CheckView['errors'][number]): string {
  const share = undecidedShare({ elements, undecided });
  return `${elements.toLocaleString('en')}${share === undefined ? '' : `, and ${share} more undecided: ${because}`}`;
}
