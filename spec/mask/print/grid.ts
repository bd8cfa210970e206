const side = 480;
const margin = { left: 56, top: 64, right: 16, bottom: 16 };
const font = 'font-family="system-ui, sans-serif" fill="#222"';

/** Grid of queries and keys with a title. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly title: string;
  readonly note?: string;
}

/** Standalone SVG: queries downwards, keys to the right. @param shapes blue shapes by cell size. */
export function gridSvg({ rows, columns, title, note }: Grid, shapes: (cell: number) => readonly string[]): string {
  const cell = side / Math.max(rows, columns, 1);
  const width = round(columns * cell);
  const height = round(rows * cell);
  const full = { width: width + margin.left + margin.right, height: height + margin.top + margin.bottom };
  const size = (text: string, most: number) => round(Math.min(most, (width + margin.right) / (text.length * 0.56)));
  const below =
    note === undefined ? '' : `<text x="${margin.left}" y="38" font-size="${size(note, 12)}" ${font}>${escapeXml(note)}</text>\n`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${full.width}" height="${full.height}" viewBox="0 0 ${full.width} ${full.height}" role="img" aria-label="${escapeXml(title)}">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${margin.left}" y="22" font-size="${size(title, 15)}" ${font}>${escapeXml(title)}</text>
${below}<text x="${margin.left}" y="${margin.top - 10}" font-size="12" ${font}>keys 0 … ${columns - 1}</text>
<text transform="translate(${margin.left - 10} ${margin.top}) rotate(-90)" text-anchor="end" font-size="12" ${font}>queries ${rows - 1} … 0</text>
<g transform="translate(${margin.left} ${margin.top})">
<rect width="${width}" height="${height}" fill="#eee"/>
<g fill="#2563eb">
${shapes(cell).join('\n')}
</g>
<rect width="${width}" height="${height}" fill="none" stroke="#222"/>
</g>
</svg>
`;
}

/** Rounds a length to two decimals. */
export function round(x: number): number {
  return Math.round(x * 100) / 100;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
