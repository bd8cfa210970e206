/// <reference lib="dom" />
/// <reference lib="dom" />

import { bytesText, countText, percentText, secondsText } from '../../../../spec/lib/units.js';
import { groupBy } from '../../../result/result.js';
import type { FailureData, SimulationData, SimulationPoint } from '../../site-data.js';
import type * as Charts from '../charts/index.js';
import type { LinePoint } from '../charts/line-panels.js';
import { loadCharts } from '../charts.js';
import { element } from '../dom.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import type { Report } from '../report.js';
import { table } from '../tables/table.js';
import { tallyCell, tallyOf } from '../tables/tally-cell.js';
import { legend } from '../verdicts.js';

/** Section of simulated schemes, with a panel for each number of ranks. */
function simulationSection({ file, cluster, workload, points, refused }: SimulationData, { linePanels }: typeof Charts): Node[] {
  const title = [element('h4', {}, cluster), element('p', { class: 'quiet' }, `${workload} (${file})`)];
  const line = (point: SimulationPoint, y: number): LinePoint => ({
    series: point.scheme,
    panel: `${point.ranks} ranks`,
    x: point.tokens,
    y,
  });
  const charts =
    points.length === 0
      ? []
      : [
          linePanels(
            'Share of the ideal over length',
            points.map((p) => line(p, 100 * p.share)),
            { x: 'tokens →', y: '↑ %', most: 100 },
          ),
          linePanels(
            'Time over length',
            points.flatMap((p) => (p.seconds > 0 ? [line(p, 1000 * p.seconds)] : [])),
            { x: 'tokens →', y: '↑ ms' },
          ),
          element(
            'details',
            {},
            element('summary', {}, `All figures: ${points.length}`),
            numbers(`Simulated: ${file}, ${cluster}, ${workload}`, points),
          ),
        ];
  return [
    ...title,
    ...charts,
    ...(refused.length === 0 ? [] : [element('ul', { class: 'lines' }, ...refused.map((text) => element('li', {}, text)))]),
  ];
}

function numbers(caption: string, points: readonly SimulationPoint[]): HTMLElement {
  return table(
    caption,
    ['Scheme', 'Ranks', 'Tokens', 'Time', 'Share of the ideal', 'Sent by a rank, forward', 'Held by a rank', 'Imbalance'],
    points.map(({ scheme, ranks, tokens, seconds, share, sentBytes, peakBytes, fits, imbalance }) => [
      scheme,
      String(ranks),
      countText(tokens),
      secondsText(seconds),
      percentText(share),
      bytesText(sentBytes),
      fits ? bytesText(peakBytes) : element('td', { class: 'deviates' }, `! ${bytesText(peakBytes)}: more memory than a device has`),
      imbalance.toFixed(2),
    ]),
  );
}

export const schemes: Page = {
  name: 'schemes',
  title: 'Schemes',
  listed: true,
  needsNoResults: true,
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
              'Each scheme’s own program was run with tensor shapes only, without numbers, on the virtual clock of a cluster. The ideal is the same work spread evenly over the ranks, without messages.',
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
        'No scheme was judged for this report. Run npx attention-cts run --profile parallel to judge the schemes.',
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
