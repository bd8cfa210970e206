/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import type { AccuracyData } from '../../site-data.js';
import { asPicture } from './as-picture.js';
import { chartFrame } from './chart-frame.js';
import { plotWidth } from './plot-width.js';

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
