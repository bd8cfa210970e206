/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import { groupBy } from '../../result.js';
import { countText } from '../../units.js';
import { asPicture } from './as-picture.js';
import { chartFrame } from './chart-frame.js';
import { element } from './dom.js';
import { powerTick } from './power-tick.js';

/** A point of a line. */
export interface LinePoint {
  /** Who: a colour and a symbol. */
  readonly series: string;
  /** Which panel it is in. */
  readonly panel: string;
  /** A count, such as of tokens. */
  readonly x: number;
  readonly y: number;
  /** What is likely, around it. */
  readonly low?: number;
  readonly high?: number;
}

export interface LineAxes {
  readonly x: string;
  readonly y: string;
  /** The greatest, of a scale from 0; without it each factor is as far as any other. */
  readonly most?: number;
}

const panelWidth = 320;
const fontSize = '12px';

/** Lines, a panel for each mask or number of ranks, all with the same axes; series are told apart by colour and by symbol. */
export function linePanels(title: string, points: readonly LinePoint[], axes: LineAxes): HTMLElement {
  const series = [...new Set(points.map((p) => p.series))];
  const scales = { color: { type: 'categorical' as const, domain: series }, symbol: { domain: series } };
  const lengths = [...new Set(points.map((p) => p.x))].sort((a, b) => a - b);
  const values = points.flatMap(({ y, low = y, high = y }) => [low, y, high]).filter((v) => v > 0);
  const range = [Math.min(...values), Math.max(...values)];
  const panels = [...groupBy(points, (p) => p.panel)].map(([name, of]) => {
    const plot = Plot.plot({
      width: panelWidth,
      height: 240,
      marginLeft: 52,
      marginBottom: 38,
      grid: true,
      style: { fontSize },
      x: { type: 'log', base: 2, domain: domainOf(lengths), label: axes.x, inset: 8, ticks: lengths, tickFormat: countText },
      y:
        axes.most === undefined
          ? { type: 'log', domain: range, label: axes.y, tickFormat: powerTick(range), inset: 6 }
          : { domain: [0, axes.most], label: axes.y, insetTop: 6 },
      ...scales,
      marks: [
        Plot.ruleX(of, {
          x: 'x',
          y1: (p: LinePoint) => p.low ?? p.y,
          y2: (p: LinePoint) => p.high ?? p.y,
          stroke: 'series',
          strokeOpacity: 0.6,
        }),
        Plot.lineY(of, { x: 'x', y: 'y', z: 'series', stroke: 'series', sort: 'x' }),
        Plot.dot(of, { x: 'x', y: 'y', stroke: 'series', symbol: 'series', r: 4 }),
      ],
    });
    return element('figure', {}, element('figcaption', {}, name), asPicture(plot, `${title}, ${name}; the numbers are in the table below`));
  });
  const legend = Plot.legend({ ...scales, swatchSize: 14, style: { fontSize } });
  return chartFrame(title, element('div', { class: 'legend' }, legend), element('div', { class: 'panels' }, ...panels));
}

/** One length alone still needs a scale. */
function domainOf(lengths: readonly number[]): [number, number] {
  const [first, last] = [lengths[0], lengths[lengths.length - 1]];
  return first === last ? [first / 2, last * 2] : [first, last];
}
