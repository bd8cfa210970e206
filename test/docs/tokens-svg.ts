const cell = 16;
const margin = { left: 64, top: 56, right: 16, bottom: 16 };
const font = 'font-family="system-ui, sans-serif" fill="#222"';

/** A standalone SVG picture: ranks downwards, tokens to the right. @param ranks the tokens of each rank. @param tokens how many there are in all. */
export function tokensSvg(ranks: readonly (readonly number[])[], tokens: number, title: string): string {
  const [width, height] = [tokens * cell, ranks.length * cell];
  const full = { width: width + margin.left + margin.right, height: height + margin.top + margin.bottom };
  const cells = ranks.flatMap((own, rank) =>
    own.map((token) => `<rect x="${token * cell}" y="${rank * cell}" width="${cell}" height="${cell}" shape-rendering="crispEdges"/>`),
  );
  const labels = ranks.map(
    (_, rank) => `<text x="-8" y="${rank * cell + 12}" text-anchor="end" font-size="12" ${font}>rank ${rank}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${full.width}" height="${full.height}" viewBox="0 0 ${full.width} ${full.height}" role="img" aria-label="${title}">
<title>${title}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${margin.left}" y="22" font-size="15" ${font}>${title}</text>
<text x="${margin.left}" y="${margin.top - 10}" font-size="12" ${font}>tokens 0 … ${tokens - 1}</text>
<g transform="translate(${margin.left} ${margin.top})">
${labels.join('\n')}
<rect width="${width}" height="${height}" fill="#eee"/>
<g fill="#2563eb">
${cells.join('\n')}
</g>
<rect width="${width}" height="${height}" fill="none" stroke="#222"/>
</g>
</svg>
`;
}
