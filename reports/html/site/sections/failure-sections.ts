/// <reference lib="dom" />

import type { Case } from '../../../../spec/types/documents.js';
import type { FailureData } from '../../site-data.js';
import type * as Charts from '../charts/index.js';
import { copyable } from '../copyable.js';
import { element, terms } from '../dom.js';
import { worstElement } from './worst-element.js';

/** Sections about a failure, the most informative first. @param draw draws a picture. */
export function failureSections(failure: FailureData, draw: typeof Charts.drawPicture): HTMLElement[] {
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
      ...(pictures ? [element('div', { class: 'pictures' }, ...pictures.map(draw))] : [element('p', {}, unpictured ?? 'There are none.')]),
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
