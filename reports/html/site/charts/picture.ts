/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import { errorLevels, maskLevels } from '../../picture-levels.js';
import type { Picture } from '../../site-data.js';
import { element } from '../dom.js';
import { asPicture } from './as-picture.js';

/** Number of rows or columns above which cells hold no text. */
const mostTexts = 16;
const side = 300;
const maskSigns = ['·', '░', '▒', '▓', '■'];

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly level: number;
  readonly sign: string;
  readonly says: string;
}

/** Draws a picture with its title and its scale in words; large cells hold a sign. */
export function drawPicture(picture: Picture): HTMLElement {
  const { rows, columns, of, title, kind } = picture;
  const cells = cellsOf(picture);
  const size = Math.min(34, Math.max(5, side / Math.max(rows, columns)));
  const plot = Plot.plot({
    marginLeft: 44,
    marginTop: 44,
    marginRight: 12,
    marginBottom: 6,
    width: 56 + Math.max(size * columns, 90),
    height: 50 + size * rows,
    x: {
      axis: 'top',
      label: `${picture.across} →`,
      domain: places(columns),
      ticks: ticks(columns),
      tickFormat: (i: number) => String(first(i, columns, of[1])),
    },
    y: { label: `↓ ${picture.down}`, domain: places(rows), ticks: ticks(rows), tickFormat: (i: number) => String(first(i, rows, of[0])) },
    color: { type: 'identity' },
    marks: [
      Plot.cell(cells, {
        x: 'column',
        y: 'row',
        fill: (c: Cell) => colorOf(kind, c.level),
        inset: rows * columns > 600 ? 0 : 0.5,
        title: 'says',
      }),
      ...(Math.max(rows, columns) <= mostTexts
        ? [
            Plot.text(cells, {
              x: 'column',
              y: 'row',
              text: 'sign',
              fill: (c: Cell) => (c.level > (kind === 'mask' || kind === 'ranks' ? 2 : 4) ? 'var(--ground)' : 'var(--text)'),
            }),
          ]
        : []),
    ],
  });
  asPicture(plot, `${title}: ${describe(cells, picture)}`);
  return element('figure', {}, element('figcaption', {}, title), plot, element('p', { class: 'quiet' }, scaleOf(picture)));
}

function cellsOf({ kind, cells, columns }: Picture): Cell[] {
  return Array.from(cells, (char, i) => {
    const level = char === 'N' ? errorLevels.length : char === ' ' ? -1 : Number(char);
    return { row: Math.floor(i / columns), column: i % columns, level, ...meaningOf(kind, char, level) };
  });
}

function meaningOf(kind: Picture['kind'], char: string, level: number): Pick<Cell, 'sign' | 'says'> {
  switch (kind) {
    case 'mask':
      return { sign: maskSigns[level] ?? '', says: maskLevels[level] ?? 'not read' };
    case 'ranks':
      return { sign: level > 0 ? '■' : '', says: level > 0 ? 'owns the token' : 'does not' };
    case 'weights':
      return { sign: level > 0 ? String(level) : '', says: level === 0 ? 'no weight' : `${level} ninths of the largest weight` };
    case 'error':
      return { sign: char === 'N' ? 'NaN' : level > 3 ? '✗' : level > 0 ? '✓' : '=', says: errorLevels[level] ?? 'not a number' };
  }
}

function describe(cells: readonly Cell[], { kind, rows, columns }: Picture): string {
  const marked = cells.filter((c) => c.level > (kind === 'error' ? 3 : 0)).length;
  const words = { mask: 'visible', error: 'beyond the bound', weights: 'with a weight', ranks: 'owned' };
  return `${rows} by ${columns} cells, ${marked} of them ${words[kind]}`;
}

function scaleOf({ kind, of, rows, columns }: Picture): string {
  const scale = {
    mask: '■ visible, · hidden, blank: not read.',
    error: 'Red or ✗: beyond the bound. Green or ✓: within it. =: exact.',
    weights: 'The darker, the larger the weight: 9 is the largest, blank is 0.',
    ranks: '■ the rank has the token.',
  }[kind];
  const smaller =
    of[0] > rows || of[1] > columns
      ? ` Reduced: each cell stands for several of the ${of[0]} × ${of[1]}, and ${kind === 'mask' ? 'is shaded by the share that is visible' : 'shows the worst of them'}.`
      : '';
  return scale + smaller;
}

function colorOf(kind: Picture['kind'], level: number): string {
  if (level < 0) return 'var(--ground)';
  if (kind === 'mask' || kind === 'ranks') return `color-mix(in srgb, var(--accent) ${level * 25}%, var(--raised))`;
  if (kind === 'weights') return `color-mix(in srgb, var(--accent) ${level * 11}%, var(--raised))`;
  if (level === 0) return 'var(--raised)';
  if (level <= 3) return `color-mix(in srgb, var(--pass) ${level * 12}%, var(--pass-ground))`;
  return `color-mix(in srgb, var(--fail) ${Math.min(100, 25 + (level - 4) * 19)}%, var(--fail-ground))`;
}

function places(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function ticks(length: number): number[] {
  const step = Math.ceil(length / 12);
  return places(length).filter((i) => i % step === 0);
}

/** Returns the first original row or column of a picture's cell. */
function first(place: number, parts: number, size: number): number {
  return Math.floor((place * size) / parts);
}
