/// <reference lib="dom" />
/// <reference lib="dom" />

import type { Case } from '../../../../spec/types/documents.js';
import { undecidedShare } from '../../../result/undecided-share.js';
import { plural } from '../../../text/plain-text.js';
import type { CauseData, FailureData } from '../../site-data.js';
import type * as Charts from '../charts/index.js';
import { loadCharts } from '../charts.js';
import { copyable } from '../copyable.js';
import { element, terms } from '../dom.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import { type CheckView, describeImplementation } from '../report.js';
import { references } from '../sections/cause-section.js';
import { worstElement } from '../sections/worst-element.js';
import { showRatio } from '../show-number.js';
import { table } from '../tables/table.js';
import { verdictSigns } from '../verdicts.js';

/** Sections about a failure, the most informative first. @param draw draws a picture. */
function failureSections(failure: FailureData, draw: typeof Charts.drawPicture): HTMLElement[] {
  const { summary, open, described, passes, worst, tensors, replay, pictures, unpictured, printed } = failure;
  const { message, hint, where, weights } = summary;
  return [
    ...(message === undefined ? [] : [element('p', { class: 'message' }, message)]),
    ...(hint === undefined ? [] : [section('What it looks like', element('p', {}, hint))]),
    ...(open === undefined ? [] : [section('Cause', element('p', {}, open))]),
    ...(where === undefined ? [] : [section('Where it is wrong', element('p', {}, where))]),
    ...(weights === undefined ? [] : [section('Weights of the keys', element('p', {}, weights))]),
    ...(replay === undefined
      ? []
      : [section('Run it again', copyable('Command that runs this case again', replay), ...aboutReplay(failure))]),
    section('Worst element', element('dl', {}, ...terms([...worstElement(summary), ...howSure(summary)]))),
    ...(worst === undefined ? [] : [section('Worst case met', element('p', {}, worst))]),
    ...(tensors === undefined || tensors.length === 0 ? [] : [section('Tensors', element('dl', { class: 'tensors' }, ...terms(tensors)))]),
    section(
      'Pictures',
      ...(pictures
        ? [element('div', { class: 'pictures' }, ...pictures.map(draw))]
        : [element('p', {}, unpictured ?? 'There are no pictures.')]),
    ),
    section(
      'Smallest case',
      element('p', { class: 'quiet' }, described),
      ...(passes === undefined ? [] : [element('p', {}, `It passes ${passes}.`)]),
      copyable('Smallest case as JSON', printCase(summary.case)),
    ),
    ...(printed === undefined
      ? []
      : [section('What the kernel printed', element('pre', { tabindex: '0', 'aria-label': 'What the kernel printed' }, printed))]),
  ];
}

function printCase(c: Case): string {
  return `{\n${Object.entries(c)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n')}\n}`;
}

function aboutReplay({ placeholder, files, uncopied }: FailureData): HTMLElement[] {
  return [
    ...(placeholder === undefined
      ? []
      : [element('p', { class: 'quiet' }, `Replace ${placeholder} by the kernel that --adapter named in the run.`)]),
    ...(files
      ? [element('p', { class: 'quiet' }, 'Run this in the folder of the report, or give it a copy of failure.json:'), fileList(files)]
      : []),
    ...(uncopied === undefined ? [] : [element('p', { class: 'quiet' }, uncopied)]),
  ];
}

function fileList({ folder, names }: NonNullable<FailureData['files']>): HTMLElement {
  const links = names.map((name) => element('li', {}, element('a', { href: `${folder}/${name}`, download: name }, name)));
  return element('ul', { class: 'files', 'aria-label': 'Files of this failure' }, ...links);
}

function section(title: string, ...content: Node[]): HTMLElement {
  return element('section', {}, element('h3', {}, title), ...content);
}

function howSure({ shrunk, reproduced }: FailureData['summary']): [string, string][] {
  return [
    ...(shrunk === undefined ? [] : ([['shrunk', `${shrunk} steps`]] as [string, string][])),
    ...(reproduced < 0
      ? []
      : ([['again', `failed in ${reproduced} of 5 further runs${reproduced < 5 ? ': flaky' : ''}`]] as [string, string][])),
  ];
}

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
    if (!view) return [element('p', { class: 'empty' }, 'This report has no such check. '), link('matrix', {}, 'Open the matrix')];
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
      ...(failure ? [element('h3', {}, 'Cases')] : []),
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
              `${plural(others, 'other check')} fail${others === 1 ? 's' : ''} for the same cause`,
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
