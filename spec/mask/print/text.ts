import type { CompiledMask } from '../compile/compiled-mask.js';

const shades = ['·', '░', '▒', '▓', '█'];
const most = { lines: 48, columns: 96 };

/** Picture for terminals: `█` visible, `·` hidden; large masks are shrunk and shaded. */
export function maskText(mask: CompiledMask, b: number, h: number): string {
  const lines = Math.min(mask.m, most.lines);
  const columns = Math.min(mask.n, most.columns);
  const runs = new Int32Array(mask.n + 2);
  const picture: string[] = [];
  for (let line = 0; line < lines; line++) {
    const queries = cut(line, lines, mask.m);
    const visible = new Float64Array(columns);
    for (let i = queries.start; i < queries.end; i++) {
      const count = mask.runs(b, h, i, runs);
      for (let x = 0; x < count; x++) addRun(visible, runs[2 * x], runs[2 * x + 1], mask.n);
    }
    const text = Array.from(visible, (cells, column) => {
      const keys = cut(column, columns, mask.n);
      return shade(cells / ((queries.end - queries.start) * (keys.end - keys.start)));
    });
    picture.push(text.join(''));
  }
  return picture.join('\n');
}

function cut(place: number, parts: number, size: number): { start: number; end: number } {
  return { start: Math.floor((place * size) / parts), end: Math.floor(((place + 1) * size) / parts) };
}

function addRun(visible: Float64Array, start: number, end: number, n: number): void {
  const columns = visible.length;
  let column = Math.floor((start * columns) / n);
  for (; column < columns; column++) {
    const keys = cut(column, columns, n);
    if (keys.start >= end) return;
    visible[column] += Math.max(Math.min(keys.end, end) - Math.max(keys.start, start), 0);
  }
}

function shade(part: number): string {
  if (part === 0) return shades[0];
  if (part === 1) return shades[4];
  return shades[1 + Math.min(Math.floor(part * 3), 2)];
}
