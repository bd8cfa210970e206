import type { CompiledMask } from '../compile/compiled-mask.js';

/** Side of the picture of a mask's longer axis, and the margin for the labels, in pixels. */
const side = 480;
const margin = { left: 56, top: 64, right: 16, bottom: 16 };
const font = 'font-family="system-ui, sans-serif" fill="#222"';

/** A run of keys that queries [top, bottom) all see. */
interface Rectangle {
  readonly start: number;
  readonly end: number;
  readonly top: number;
  bottom: number;
}

/** A standalone SVG picture: queries downwards, keys to the right, visible cells filled. One rectangle per run, merged over rows that share it. */
export function maskSvg(mask: CompiledMask, b: number, h: number, title: string): string {
  const cell = side / Math.max(mask.m, mask.n, 1);
  const width = round(mask.n * cell);
  const height = round(mask.m * cell);
  const rectangles = rectanglesOf(mask, b, h).map(
    ({ start, end, top, bottom }) =>
      `<rect x="${round(start * cell)}" y="${round(top * cell)}" width="${round((end - start) * cell)}" height="${round((bottom - top) * cell)}"/>`,
  );
  const full = { width: width + margin.left + margin.right, height: height + margin.top + margin.bottom };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${full.width}" height="${full.height}" viewBox="0 0 ${full.width} ${full.height}" role="img" aria-label="${escapeXml(title)}">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${margin.left}" y="22" font-size="15" ${font}>${escapeXml(title)}</text>
<text x="${margin.left}" y="${margin.top - 10}" font-size="12" ${font}>keys 0 … ${mask.n - 1}</text>
<text transform="translate(${margin.left - 10} ${margin.top}) rotate(-90)" text-anchor="end" font-size="12" ${font}>queries ${mask.m - 1} … 0</text>
<g transform="translate(${margin.left} ${margin.top})">
<rect width="${width}" height="${height}" fill="#eee"/>
<g fill="#2563eb">
${rectangles.join('\n')}
</g>
<rect width="${width}" height="${height}" fill="none" stroke="#222"/>
</g>
</svg>
`;
}

/** The visible cells as disjoint rectangles: a run goes on downwards for as long as the next query has the same. */
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

function round(x: number): number {
  return Math.round(x * 100) / 100;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
