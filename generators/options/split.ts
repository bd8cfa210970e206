import type { Random } from 'fast-check';
import { DocumentError } from '../../spec/lib/document-error.js';
import { counted, counts } from '../lib/flat.js';
import { cutLengths } from '../lib/lengths.js';
import { withinLimits } from '../lib/limits.js';
import type { Part } from '../lib/part.js';
import { weighted } from '../lib/random.js';
import { drawLength } from '../lib/sizes.js';

/** Key lengths of two to six calls that add up to n; some are 0. */
export const split: Part = {
  fields: { lengths: [['parts', 0], ...counted('part', counts.parts).map((name) => [name, 0] as const)] },
  list: ['parts', ['part']],
  isDrawn: ({ request }) => request.needs.split === true,
  draw(random, _, flat) {
    flat.parts = weighted(random, [0, 30, 30, 20, 10, 10]);
    for (let i = 0; i < flat.parts; i++) flat[`part${i}`] = drawPart(random, flat.n);
  },
  addTo(c, { capabilities: { limits } }, flat) {
    const lengths = Array.from({ length: Math.min(flat.parts, counts.parts) }, (_, i) => flat[`part${i}`]);
    c.split = cutLengths(c.dims.n, lengths, (n) => n === 0 || withinLimits(limits, { ...c.dims, n }));
  },
  validate({ split: lengths, dims: { n } }, document) {
    const total = lengths?.reduce((sum, length) => sum + length, 0) ?? n;
    if (total !== n) throw new DocumentError(document, '$.split', `found parts that add up to ${total}, must add up to n = ${n}`);
  },
  labels: ({ split: lengths = [] }) => [
    ...(lengths.includes(0) ? ['split:empty-part'] : []),
    ...(lengths.filter((part) => part > 0).length > 1 ? ['split:several-parts'] : []),
  ],
};

/** A length within n: 0, 1 to 4, near a multiple of a tile, or up to n/2. */
export function drawPart(random: Random, n: number): number {
  switch (weighted(random, [15, 25, 25, 35])) {
    case 0:
      return 0;
    case 1:
      return random.nextInt(1, 4);
    case 2:
      return drawLength(random);
    default:
      return random.nextInt(1, Math.max(1, n >> 1));
  }
}
