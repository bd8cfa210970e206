/// <reference lib="dom" />
import type { Verdict } from '../../../../spec/types/documents.js';
import { plural } from '../../../text/plain-text.js';
import { element } from '../dom.js';
import { link } from '../links.js';
import type { Report } from '../report.js';

/** Notices about whole implementations, instead of one for each check. */
export function noticesOf(report: Report): HTMLElement[] {
  const items = [...report.available.flatMap((i) => sameEverywhere(report, i)), ...unavailable(report)];
  return items.length === 0 ? [] : [element('ul', { class: 'notices', 'aria-label': 'Notices' }, ...items)];
}

const broken: ReadonlySet<Verdict | undefined> = new Set<Verdict>(['error', 'crash', 'not-run']);

/** Notice about an implementation with the same error or crash in all claimed checks. */
function sameEverywhere(report: Report, implementation: number): HTMLElement[] {
  const { key } = report.index.implementations[implementation];
  const asked = report.index.ids.flatMap((_, check) => {
    const verdict = report.verdict(implementation, check);
    return verdict && verdict !== 'unsupported' ? [{ check, verdict }] : [];
  });
  const [first] = asked;
  if (!first || asked.length < 2) return [];
  if (!broken.has(first.verdict) || asked.some(({ verdict }) => verdict !== first.verdict)) return [];
  return [
    element(
      'li',
      { 'data-verdict': 'error' },
      `${key}: all ${asked.length} checks that it claims ended the same way, ${first.verdict}. `,
      link('check', { adapter: key, id: report.index.ids[first.check] }, 'See the first'),
    ),
  ];
}

function unavailable(report: Report): HTMLElement[] {
  const missing = report.index.implementations.filter((i) => i.unavailable);
  if (missing.length === 0) return [];
  return [
    element(
      'li',
      {},
      element(
        'details',
        {},
        element('summary', {}, `Not available on this machine, so not judged: ${plural(missing.length, 'implementation')}`),
        element(
          'dl',
          {},
          ...missing.flatMap(({ key, unavailable: why }) => [
            element('dt', {}, key),
            element('dd', {}, `${why?.reason}. Remedy: ${why?.remedy}`),
          ]),
        ),
      ),
    ),
  ];
}
