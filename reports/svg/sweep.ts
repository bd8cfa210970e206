import * as Plot from '@observablehq/plot';
import { countText } from '../../spec/lib/units.js';
import { legend, namedScales } from './legend.js';
import { newDocument, type Panel, style, svgPage } from './page.js';

interface SweepPoint {
  readonly scheme: string;
  readonly ranks: number;
  readonly tokens: number;
  /** Fraction of the ideal, in which every rank always computes. */
  readonly share: number;
}

interface SweepWinner {
  readonly ranks: number;
  readonly tokens: number;
  readonly scheme: string;
}

export interface Sweep {
  readonly title: string;
  readonly lines: readonly string[];
  readonly schemes: readonly string[];
  readonly ranks: readonly number[];
  readonly tokens: readonly number[];
  readonly points: readonly SweepPoint[];
  readonly winners: readonly SweepWinner[];
}

const width = 960;

/** Draws the share of the ideal over the length, or over ranks, and the fastest schemes. */
export function sweepSvg(sweep: Sweep): string {
  const document = newDocument();
  const panels = [legend(document, sweep.schemes, width), shares(document, sweep)];
  if (sweep.schemes.length > 1) panels.push(winners(document, sweep));
  return svgPage(document, sweep.title, sweep.lines, panels, width);
}

function shares(document: Document, { schemes, ranks, tokens, points }: Sweep): Panel {
  const overTokens = tokens.length > 1;
  const [axis, values] = overTokens ? (['tokens', tokens] as const) : (['ranks', ranks] as const);
  const facet = overTokens && ranks.length > 1 ? { fx: 'ranks' } : {};
  const shown = points.map((point) => ({ ...point, percent: point.share * 100 }));
  const height = 340;
  const svg = Plot.plot({
    document,
    width,
    height,
    style,
    marginLeft: 56,
    marginTop: 40,
    marginBottom: 44,
    marginRight: 16,
    x: { type: 'point', domain: [...values], label: axis, labelAnchor: 'center', labelArrow: 'none', tickFormat: countText },
    y: { label: 'share of the ideal, %', labelArrow: 'none', domain: [0, 100], grid: true },
    fx: { domain: [...ranks], tickFormat: (count: number) => `${count} ranks`, label: null },
    ...namedScales(schemes),
    marks: [
      Plot.ruleY([0]),
      Plot.lineY(shown, { x: axis, y: 'percent', z: 'scheme', stroke: 'scheme', strokeWidth: 1.5, ...facet }),
      Plot.dot(shown, { x: axis, y: 'percent', symbol: 'scheme', stroke: 'scheme', strokeWidth: 2, fill: 'none', r: 5, ...facet }),
    ],
  });
  return { svg, height };
}

function winners(document: Document, { schemes, ranks, tokens, winners: cells }: Sweep): Panel {
  const height = 34 * ranks.length + 84;
  const place = { x: 'tokens', y: 'ranks' };
  const svg = Plot.plot({
    document,
    width,
    height,
    style,
    marginLeft: 56,
    marginTop: 30,
    marginBottom: 44,
    marginRight: 16,
    x: {
      type: 'band',
      domain: [...tokens],
      label: 'tokens',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: countText,
      padding: 0.04,
    },
    y: { type: 'band', domain: [...ranks], label: 'ranks', labelArrow: 'none', tickFormat: String, padding: 0.08 },
    color: namedScales(schemes).color,
    marks: [
      Plot.cell(cells, { ...place, fill: 'scheme' }),
      Plot.text(cells, { ...place, text: 'scheme', fill: '#fff', fontWeight: 600 }),
      Plot.text(['the fastest that fits in memory'], { frameAnchor: 'top-left', dy: -16, fontWeight: 600, fontSize: 13 }),
    ],
  });
  return { svg, height };
}
