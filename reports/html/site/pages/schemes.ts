/// <reference lib="dom" />

import { groupBy } from '../../../result/result.js';
import type { FailureData } from '../../site-data.js';
import { loadCharts } from '../charts.js';
import { element } from '../dom.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import type { Report } from '../report.js';
import { simulationSection } from '../sections/simulation-section.js';
import { table } from '../tables/table.js';
import { tallyCell, tallyOf } from '../tables/tally-cell.js';
import { legend } from '../verdicts.js';

export const schemes: Page = {
  name: 'schemes',
  title: 'Schemes',
  listed: true,
  async render(report) {
    const simulations = await report.part('simulations');
    const charts = simulations.length > 0 ? await loadCharts() : undefined;
    return [
      element('h2', {}, 'Schemes'),
      ...(await judged(report)),
      ...(charts === undefined
        ? []
        : [
            element('h3', {}, 'Simulated'),
            element(
              'p',
              {},
              'Each scheme’s own program was run with shapes in place of numbers, on the virtual clock of a cluster. The ideal is the same work spread evenly over the ranks, without messages.',
            ),
            ...simulations.flatMap((simulation) => simulationSection(simulation, charts)),
          ]),
    ];
  },
};

async function judged(report: Report): Promise<Node[]> {
  const checks = report.names.flatMap((name, check) => (name.scheme === '' ? [] : [{ name, check }]));
  if (checks.length === 0) {
    return [
      element(
        'p',
        { class: 'empty' },
        'No scheme was judged for this report. To judge them, use npx attention-cts run --profile parallel.',
      ),
    ];
  }
  const asked = report.available.filter((i) => checks.some(({ check }) => report.verdict(i, check)));
  return [
    element('p', {}, 'Each context-parallel scheme, with the kernel of an implementation on every rank, property by property.'),
    ...(
      await Promise.all(
        asked.map(async (i) => [
          element('h3', {}, report.index.implementations[i].key),
          schemeTable(report, i, checks, (await report.details(i)).data.failures),
        ]),
      )
    ).flat(),
    element('p', { class: 'quiet' }, legend),
  ];
}

type Named = { readonly name: Report['names'][number]; readonly check: number };

function schemeTable(report: Report, implementation: number, checks: readonly Named[], failures: readonly FailureData[]): HTMLElement {
  const { key } = report.index.implementations[implementation];
  const properties = [...new Set(checks.map(({ name }) => name.property))];
  const worlds = failingWorlds(failures);
  const rows = [...groupBy(checks, ({ name }) => name.scheme)].map(([scheme, of]) => [
    link('document', { kind: 'scheme', name: scheme }, scheme),
    ...properties.map((property) =>
      tallyCell(
        tallyOf(
          report,
          implementation,
          of.filter(({ name }) => name.property === property).map(({ check }) => check),
        ),
      ),
    ),
    ...(worlds.size > 0 ? [[...(worlds.get(scheme) ?? [])].sort((a, b) => a - b).join(', ')] : []),
  ]);
  return table(`Schemes on ${key}`, ['Scheme', ...properties, ...(worlds.size > 0 ? ['Ranks of its smallest failing cases'] : [])], rows);
}

/** Returns numbers of ranks of the smallest failing cases, by scheme. */
function failingWorlds(failures: readonly FailureData[]): Map<string, Set<number>> {
  const worlds = new Map<string, Set<number>>();
  for (const { summary } of failures) {
    const { parallel } = summary.case;
    if (!parallel) continue;
    worlds.set(parallel.scheme, (worlds.get(parallel.scheme) ?? new Set()).add(parallel.ranks));
  }
  return worlds;
}
