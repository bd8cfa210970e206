import * as Plot from '@observablehq/plot';
import { countText } from '../../spec/lib/units.js';
import { newDocument, type Panel, style, svgPage } from './page.js';

const colors = ['#2563eb', '#b45309', '#047857', '#7c3aed', '#be123c', '#0e7490', '#4d7c0f', '#a21caf', '#1e3a8a', '#92400e', '#334155'];
const symbols = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye', 'hexagon', 'plus', 'times', 'asterisk'];

/** Gives each scheme a colour and a symbol, in unique pairs. */
function schemeScales(schemes: readonly string[]) {
  return {
    color: { type: 'categorical' as const, domain: [...schemes], range: schemes.map((_, x) => colors[x % colors.length]) },
    symbol: {
      domain: [...schemes],
      range: schemes.map((_, x) => symbols[(x + Math.floor(x / symbols.length)) % symbols.length] as Plot.SymbolType),
    },
  };
}

const column = 160;
const row = 20;

function schemeLegend(document: Document, schemes: readonly string[], width: number): Panel {
  const perRow = Math.floor(width / column);
  const rows = Math.ceil(schemes.length / perRow);
  const height = row * rows + 8;
  const entries = schemes.map((scheme, x) => ({ scheme, x: (x % perRow) * column + 8, y: Math.floor(x / perRow) * row + 12 }));
  const place = { x: 'x', y: 'y' };
  const svg = Plot.plot({
    document,
    width,
    height,
    style,
    margin: 0,
    x: { type: 'identity', axis: null },
    y: { type: 'identity', axis: null },
    ...schemeScales(schemes),
    marks: [
      Plot.dot(entries, { ...place, symbol: 'scheme', stroke: 'scheme', fill: 'scheme', r: 4.5 }),
      Plot.text(entries, { ...place, text: 'scheme', textAnchor: 'start', dx: 12 }),
    ],
  });
  return { svg, height };
}

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
  const panels = [schemeLegend(document, sweep.schemes, width), shares(document, sweep)];
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
    ...schemeScales(schemes),
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
    color: schemeScales(schemes).color,
    marks: [
      Plot.cell(cells, { ...place, fill: 'scheme' }),
      Plot.text(cells, { ...place, text: 'scheme', fill: '#fff', fontWeight: 600 }),
      Plot.text(['the fastest that fits in memory'], { frameAnchor: 'top-left', dy: -16, fontWeight: 600, fontSize: 13 }),
    ],
  });
  return { svg, height };
}
