/// <reference lib="dom" />
import { bytesText, countText, percentText, secondsText } from '../../../../spec/lib/units.js';
import type { SimulationData, SimulationPoint } from '../../site-data.js';
import type * as Charts from '../charts/index.js';
import type { LinePoint } from '../charts/line-panels.js';
import { element } from '../dom.js';
import { table } from '../tables/table.js';

/** Section of simulated schemes, with a panel for each number of ranks. */
export function simulationSection({ file, cluster, workload, points, refused }: SimulationData, { linePanels }: typeof Charts): Node[] {
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
