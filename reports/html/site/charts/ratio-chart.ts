/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import type { TimingData } from '../../site-data.js';
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
