/// <reference lib="dom" />
/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import type { AccuracyData, TimingData } from '../../site-data.js';
import { showNumber } from '../show-number.js';
import { asPicture } from './as-picture.js';
import { chartFrame } from './chart-frame.js';
import { plotWidth } from './plot-width.js';
import { powerTick } from './power-tick.js';

interface Row {
  readonly candidate: string;
  readonly mask: string;
  readonly p50: number;
  readonly low: number;
  readonly high: number;
}

/** Draws ratios at the greatest length of each mask: medians with 95 % intervals. */
export function ratioChart(timings: readonly TimingData[], baseline: string): HTMLElement[] {
  const lengths = new Map<string, number>();
  for (const { mask, length, ratio } of timings) if (ratio) lengths.set(mask, Math.max(length, lengths.get(mask) ?? 0));
  const rows = timings.flatMap(({ candidate, mask, length, ratio }): Row[] =>
    ratio && lengths.get(mask) === length ? [{ candidate, mask, ...ratio }] : [],
  );
  if (rows.length === 0) return [];
  const title = `Ratio to ${baseline} at the greatest length; below 1 is faster`;
  // leave room for a label beside the greatest ratio
  const range = [Math.min(0.8, ...rows.map((r) => r.low)), 1.4 * Math.max(1, ...rows.map((r) => r.high))];
  const longest = (of: (row: Row) => string) => Math.max(...rows.map((row) => of(row).length));
  const place = { y: 'candidate', fy: 'mask' };
  const plot = Plot.plot({
    width: plotWidth(),
    marginLeft: Math.min(320, 20 + 6.6 * longest((r) => r.candidate)),
    marginRight: Math.min(200, 30 + 6.6 * longest((r) => r.mask)),
    x: { type: 'log', domain: range, label: 'ratio →', grid: true, tickFormat: powerTick(range) },
    y: { label: null },
    fy: { label: null, domain: [...lengths.keys()] },
    marks: [
      Plot.ruleX([1], { stroke: 'var(--text)', strokeDasharray: '4 3' }),
      Plot.ruleY(rows, { ...place, x1: 'low', x2: 'high', stroke: 'var(--accent)', strokeWidth: 3, strokeOpacity: 0.55 }),
      Plot.tickX(rows, { ...place, x: 'p50', stroke: 'var(--text)', strokeWidth: 2.5 }),
      Plot.text(rows, { ...place, x: 'high', text: (row: Row) => `×${showNumber(row.p50)}`, dx: 5, textAnchor: 'start', clip: false }),
    ],
  });
  return [chartFrame(title, asPicture(plot, `${title}; the numbers are in the table below`))];
}

const bins = [...Array.from({ length: 10 }, (_, i) => `≤ ${((i + 1) / 10).toFixed(1)}`), '> 1'];

/** Draws shares of elements by error ÷ bound, a row for each output. */
export function errorChart(dtype: string, rows: readonly AccuracyData[], nameOf: (row: AccuracyData) => string): HTMLElement {
  const label = (row: AccuracyData) => `${nameOf(row)} · ${row.output}`;
  const cells = rows.flatMap((row) =>
    row.histogram.map((elements, bin) => {
      const share = elements / Math.max(row.elements, 1);
      return { row: label(row), bin: bins[bin], share, elements, beyond: bin === 10, text: textOf(share) };
    }),
  );
  type Cell = (typeof cells)[number];
  // a shade for each factor of ten of the share, to show the tails
  const shade = (c: Cell) => (c.elements === 0 ? 0 : Math.max(8, 100 + 20 * Math.log10(c.share)));
  const longest = Math.max(...rows.map((row) => label(row).length));
  const plot = Plot.plot({
    width: plotWidth(),
    height: 40 + 22 * rows.length,
    marginLeft: Math.min(260, 16 + longest * 6.6),
    marginTop: 34,
    marginBottom: 4,
    x: { axis: 'top', label: 'error ÷ bound', domain: bins },
    y: { label: null, domain: rows.map(label) },
    color: { type: 'identity' },
    marks: [
      Plot.cell(cells, {
        x: 'bin',
        y: 'row',
        inset: 0.5,
        fill: (c: Cell) => `color-mix(in srgb, ${c.beyond ? 'var(--fail)' : 'var(--accent)'} ${shade(c)}%, var(--raised))`,
        title: (c: Cell) => `${c.row}, ${c.bin}: ${c.elements} elements`,
      }),
      Plot.text(cells, { x: 'bin', y: 'row', text: 'text', fill: (c: Cell) => (shade(c) > 55 ? 'var(--ground)' : 'var(--text)') }),
    ],
  });
  asPicture(plot, `Distribution of error ÷ bound for ${dtype}; the numbers are in the table below`);
  return chartFrame(`Errors of every element for ${dtype}`, plot);
}

function textOf(share: number): string {
  if (share === 0) return '';
  if (share >= 0.1) return `${Math.round(share * 100)}%`;
  return share >= 0.001 ? `${(share * 100).toFixed(1)}%` : '<0.1%';
}

// Charts by Observable Plot, in a separate script (charts.js) that only pages with charts load.

export { linePanels } from './line-panels.js';
export { drawPicture } from './picture.js';
