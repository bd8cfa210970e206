import * as Plot from '@observablehq/plot';
import { type Panel, style } from './page.js';

const colors = ['#2563eb', '#b45309', '#047857', '#7c3aed', '#be123c', '#0e7490', '#4d7c0f', '#a21caf', '#1e3a8a', '#92400e', '#334155'];
const symbols = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye', 'hexagon', 'plus', 'times', 'asterisk'];

/** Gives each scheme a colour and a symbol, in unique pairs. */
export function schemeScales(schemes: readonly string[]) {
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

export function schemeLegend(document: Document, schemes: readonly string[], width: number): Panel {
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
