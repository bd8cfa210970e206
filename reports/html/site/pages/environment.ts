/// <reference lib="dom" />
import { element, terms } from '../dom.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import { describeImplementation, type Report } from '../report.js';

/** Page on the environment: what was judged, where, and by which versions. */
export const environment: Page = {
  name: 'environment',
  title: 'Environment',
  listed: true,
  render(report, { params }) {
    const chosen = report.implementation(params.adapter ?? '');
    if (chosen >= 0) return [implementation(report, chosen), element('p', {}, link('environment', {}, 'Every implementation and run'))];
    return [
      element('h2', {}, 'Runs'),
      ...report.data.runs.map((run, i) => runSection(report, i, run)),
      element('h2', {}, 'Implementations'),
      ...report.data.implementations.map((_, i) => implementation(report, i)),
    ];
  },
};

function runSection(report: Report, at: number, run: Report['data']['runs'][number]): HTMLElement {
  const of = report.data.implementations.filter((i) => i.run === at).length;
  return element(
    'section',
    {},
    element('h3', {}, run.file),
    element(
      'dl',
      {},
      ...terms([
        ['attention-cts', run.suite],
        ['started', run.started],
        ['seed', String(run.seed)],
        ['cases a check', String(run.runs)],
        ['implementations', String(of)],
        ...(run.shard === null ? [] : ([['shard', run.shard]] as [string, string][])),
        [
          'specification',
          Object.entries(run.spec)
            .map(([name, version]) => `${name} ${version}`)
            .join(', '),
        ],
      ]),
    ),
  );
}

function implementation(report: Report, at: number): HTMLElement {
  const one = report.data.implementations[at];
  const missing: [string, string][] = one.unavailable
    ? [
        ['not judged', one.unavailable.reason],
        ['remedy', one.unavailable.remedy],
      ]
    : [];
  return element(
    'section',
    {},
    element('h3', {}, one.key),
    element('p', {}, describeImplementation(one)),
    element('dl', {}, ...terms([['run', report.data.runs[one.run].file], ...missing, ...Object.entries(one.environment)])),
    ...(one.unavailable
      ? []
      : [
          element(
            'p',
            {},
            link('matrix', { adapter: one.key }, 'Its checks'),
            ' · ',
            link('failures', { adapter: one.key }, 'Its failures'),
          ),
        ]),
  );
}
