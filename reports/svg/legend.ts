import * as Plot from '@observablehq/plot';
import { type Panel, style } from './page.js';

const colors = ['#2563eb', '#b45309', '#047857', '#7c3aed', '#be123c', '#0e7490', '#4d7c0f', '#a21caf', '#1e3a8a', '#92400e', '#334155'];
const symbols = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye', 'hexagon', 'plus', 'times', 'asterisk'];

/** Gives each name a colour and a symbol, in unique pairs. */
export function namedScales(names: readonly string[]) {
  return {
    color: { type: 'categorical' as const, domain: [...names], range: names.map((_, x) => colors[x % colors.length]) },
    symbol: {
      domain: [...names],
      range: names.map((_, x) => symbols[(x + Math.floor(x / symbols.length)) % symbols.length] as Plot.SymbolType),
    },
  };
}

const row = 20;

/** Draws the symbol of each name beside it. @param column width of an entry. */
export function legend(document: Document, names: readonly string[], width: number, column = 160): Panel {
  const perRow = Math.max(1, Math.floor(width / column));
  const height = row * Math.ceil(names.length / perRow) + 8;
  const entries = names.map((name, x) => ({ name, x: (x % perRow) * column + 8, y: Math.floor(x / perRow) * row + 12 }));
  const place = { x: 'x', y: 'y' };
  const svg = Plot.plot({
    document,
    width,
    height,
    style,
    margin: 0,
    x: { type: 'identity', axis: null },
    y: { type: 'identity', axis: null },
    ...namedScales(names),
    marks: [
      Plot.dot(entries, { ...place, symbol: 'name', stroke: 'name', fill: 'name', r: 4.5 }),
      Plot.text(entries, { ...place, text: 'name', textAnchor: 'start', dx: 12 }),
    ],
  });
  return { svg, height };
}
