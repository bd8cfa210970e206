/// <reference lib="dom" />
import { plural } from '../../../text/plain-text.js';
import { element } from '../dom.js';
import { link } from '../links.js';
import type { Report } from '../report.js';

/** Notices about whole implementations: one that could not be judged at all is mentioned once, not for each check. */
export function noticesOf(report: Report): HTMLElement[] {
  const items = [...report.available.flatMap((i) => sameEverywhere(report, i)), ...unavailable(report)];
  return items.length === 0 ? [] : [element('ul', { class: 'notices', 'aria-label': 'Notices' }, ...items)];
}

/** Notice about an implementation all of whose claimed checks ended with the same error, crash or not-run verdict; else empty. */
function sameEverywhere(report: Report, implementation: number): HTMLElement[] {
  const { key } = report.data.implementations[implementation];
  const asked = report.data.ids.flatMap((_, check) => {
    const found = report.check(implementation, check);
    return found && found.verdict !== 'unsupported' ? [{ check, found }] : [];
  });
  const [first] = asked;
  if (!first || asked.length < 2) return [];
  const says = ({ verdict, class: kind, reason }: typeof first.found) => `${verdict} ${kind} ${reason}`;
  const broken = first.found.verdict === 'error' || first.found.verdict === 'crash' || first.found.verdict === 'not-run';
  if (!broken || asked.some(({ found }) => says(found) !== says(first.found))) return [];
  const why = first.found.reason || first.found.class || 'no reason given';
  return [
    element(
      'li',
      { 'data-verdict': 'error' },
      `${key}: all ${asked.length} checks that it claims ended the same way, ${first.found.verdict}: ${why}. `,
      link('check', { adapter: key, id: report.data.ids[first.check] }, 'See the first'),
    ),
  ];
}

function unavailable(report: Report): HTMLElement[] {
  const missing = report.data.implementations.filter((i) => i.unavailable);
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
