import type { CompiledMask } from '../compile/compiled-mask.js';
import { gridSvg, round } from './grid.js';

interface Rectangle {
  readonly start: number;
  readonly end: number;
  readonly top: number;
  bottom: number;
}

/** Standalone SVG of the visible cells: one rectangle per run, merged over equal rows. */
export function maskSvg(mask: CompiledMask, b: number, h: number, title: string): string {
  return gridSvg({ rows: mask.m, columns: mask.n, title }, (cell) =>
    rectanglesOf(mask, b, h).map(
      ({ start, end, top, bottom }) =>
        `<rect x="${round(start * cell)}" y="${round(top * cell)}" width="${round((end - start) * cell)}" height="${round((bottom - top) * cell)}"/>`,
    ),
  );
}

function rectanglesOf(mask: CompiledMask, b: number, h: number): Rectangle[] {
  const finished: Rectangle[] = [];
  const runs = new Int32Array(mask.n + 2);
  let open = new Map<string, Rectangle>();
  for (let i = 0; i < mask.m; i++) {
    const count = mask.runs(b, h, i, runs);
    const next = new Map<string, Rectangle>();
    for (let x = 0; x < count; x++) {
      const [start, end] = [runs[2 * x], runs[2 * x + 1]];
      const key = `${start} ${end}`;
      const rectangle = open.get(key) ?? { start, end, top: i, bottom: i };
      rectangle.bottom = i + 1;
      next.set(key, rectangle);
      open.delete(key);
    }
    finished.push(...open.values());
    open = next;
  }
  finished.push(...open.values());
  return finished;
}
