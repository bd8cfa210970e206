/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import { countText } from '../../../../spec/lib/units.js';
import { groupBy } from '../../../result/result.js';
import { element } from '../dom.js';
import { asPicture } from './as-picture.js';
import { chartFrame } from './chart-frame.js';
import { powerTick } from './power-tick.js';

export interface LinePoint {
  /** Name of the line, which determines colour and symbol. */
  readonly series: string;
  readonly panel: string;
  /** Count of tokens or ranks, or a parameter's value. */
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

interface LineAxes {
  readonly x: string;
  readonly y: string;
  /** Largest value of a linear scale from 0; default: a logarithmic scale. */
  readonly most?: number;
  /** True if x is linear: it may be 0 or a fraction. */
  readonly linear?: boolean;
}

const panelWidth = 320;
const fontSize = '12px';

/** Draws lines in panels with equal axes, for each mask or number of ranks. */
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
      x: axes.linear
        ? { domain: aroundOf(lengths), label: axes.x, inset: 8, ticks: lengths, tickFormat: String }
        : { type: 'log', base: 2, domain: domainOf(lengths), label: axes.x, inset: 8, ticks: lengths, tickFormat: countText },
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

/** Returns the domain of the lengths, wider than a single length. */
function domainOf(lengths: readonly number[]): [number, number] {
  const [first, last] = [lengths[0], lengths[lengths.length - 1]];
  return first === last ? [first / 2, last * 2] : [first, last];
}

/** Returns the domain on a linear scale, wider than a single value. */
function aroundOf(values: readonly number[]): [number, number] {
  const [first, last] = [values[0], values[values.length - 1]];
  return first === last ? [first - 1, last + 1] : [first, last];
}
