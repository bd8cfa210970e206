/// <reference lib="dom" />
import { plural } from '../../../text/plain-text.js';
import type { CauseData, FailureData } from '../../site-data.js';
import type * as Charts from '../charts/index.js';
import { copyable } from '../copyable.js';
import { element, terms } from '../dom.js';
import { checkLink } from '../links.js';
import type { Report } from '../report.js';
import { worstElement } from './worst-element.js';

const mostListed = 200;

/** Section of a cause: its reason, its smallest case with `failure` and `draw`, its checks. */
export function causeSection(report: Report, cause: CauseData, failure?: FailureData, draw?: typeof Charts.drawPicture): HTMLElement {
  const {
    implementation,
    title,
    verdict,
    class: kind,
    hint,
    open,
    where,
    weights,
    why,
    link,
    finding,
    expected,
    checks,
    smallest,
    described,
    passes,
    message,
  } = cause;
  return element(
    'article',
    { class: 'cause-block' },
    element('h3', {}, title),
    element(
      'p',
      {},
      element('span', { class: 'kind', 'data-verdict': verdict }, `✗ ${kind}${expected ? ', known' : ''}`),
      ` ${plural(checks.length, 'check')}`,
    ),
    ...(why === undefined || why === title ? [] : [element('p', {}, why)]),
    ...(hint === undefined || hint === title ? [] : [element('p', {}, hint)]),
    ...(open === undefined ? [] : [element('p', {}, `Cause: ${open}.`)]),
    ...references(link, finding),
    ...(message === undefined || message === title ? [] : [element('p', { class: 'message' }, message)]),
    ...(where === undefined ? [] : [element('p', {}, `Where it is wrong: ${where}.`)]),
    ...(weights === undefined ? [] : [element('p', {}, `Weights of the keys: ${weights}.`)]),
    ...(described === undefined
      ? []
      : [element('p', { class: 'quiet' }, 'Smallest case: ', checkLink(report, implementation, smallest, described), ...passing(passes))]),
    ...(failure ? [element('dl', { class: 'figures' }, ...terms(worstElement(failure.summary)))] : []),
    ...(failure?.tensors ? [element('dl', { class: 'tensors' }, ...terms(failure.tensors))] : []),
    ...(failure?.pictures && draw ? [element('div', { class: 'pictures' }, ...failure.pictures.map(draw))] : []),
    ...(failure?.replay ? [copyable('Command that runs this case again', failure.replay)] : []),
    element(
      'details',
      {},
      element('summary', {}, checks.length === 1 ? 'The check that fails' : `The ${checks.length} checks that fail`),
      element(
        'ul',
        { class: 'lines' },
        ...checks.slice(0, mostListed).map((check) => element('li', {}, checkLink(report, implementation, check, report.names[check].id))),
        ...(checks.length > mostListed ? [element('li', {}, `and ${checks.length - mostListed} more; the matrix shows them`)] : []),
      ),
    ),
  );
}

function passing(passes: string | undefined): string[] {
  return passes === undefined ? [] : [`. It passes ${passes}.`];
}

/** Links to documents of a known failure, if the address is relative or of the web. */
export function references(link: string | undefined, finding: string | undefined): HTMLElement[] {
  const links = [
    ...(finding !== undefined && isRelative(finding) ? [element('a', { href: finding }, 'The finding')] : []),
    ...(link !== undefined && /^https?:\/\//.test(link) ? [element('a', { href: link }, 'Its documentation')] : []),
  ];
  if (links.length === 0) return [];
  return [element('p', {}, ...links.flatMap((one, i) => (i === 0 ? [one] : [' · ', one])))];
}

function isRelative(address: string): boolean {
  return !/^[^/#?]*:/.test(address);
}
