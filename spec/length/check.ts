import { DocumentError } from '../lib/documents.js';
import { nearestNames } from '../lib/nearest.js';
import type { LengthDistribution } from '../types/documents.js';

type Intervals = Pick<LengthDistribution, 'edges' | 'weights'>;

const ROUNDING = 1e-9;

/** Checks the numbers of a length distribution. @throws {DocumentError} at the first fault. */
export function checkLengthDistribution(distribution: LengthDistribution, document = `lengths ${distribution.name}`): void {
  const { parts } = distribution;
  if (!parts) {
    checkIntervals(distribution, '$', document);
    return;
  }
  for (const key of ['edges', 'weights'] as const)
    if (distribution[key]) throw new DocumentError(document, `$.${key}`, 'must be absent beside "parts"');
  for (const [x, part] of parts.entries()) {
    const path = `$.parts[${x}]`;
    if (part.like === undefined) checkIntervals(part, path, document);
    else if (part.edges || part.weights) throw new DocumentError(document, `${path}.like`, 'must be absent beside "edges" and "weights"');
  }
  const sum = parts.reduce((all, { share }) => all + share, 0);
  if (Math.abs(sum - 1) > ROUNDING) throw new DocumentError(document, '$.parts', `found shares that add up to ${sum}, must add up to 1`);
}

function checkIntervals({ edges, weights }: Intervals, path: string, document: string): void {
  if (!edges || !weights) throw new DocumentError(document, path, 'must have both "edges" and "weights", or name another distribution');
  if (weights.length !== edges.length - 1)
    throw new DocumentError(document, `${path}.weights`, `found ${weights.length}, must be one fewer than edges: ${edges.length - 1}`);
  const at = edges.findIndex((edge, x) => x > 0 && edge <= edges[x - 1]);
  if (at > 0) throw new DocumentError(document, `${path}.edges[${at}]`, `found ${edges[at]}, must be more than ${edges[at - 1]}`);
  if (weights.every((weight) => weight === 0)) throw new DocumentError(document, `${path}.weights`, 'must have one above 0');
}

/** Checks that parts name distributions with intervals. @throws {DocumentError} if not. */
export function checkLikeness({ parts = [] }: LengthDistribution, document: string, known: ReadonlyMap<string, LengthDistribution>): void {
  for (const [x, { like }] of parts.entries()) {
    if (like === undefined) continue;
    const other = known.get(like);
    const path = `$.parts[${x}].like`;
    if (!other) throw new DocumentError(document, path, `found "${like}", ${nearestNames(like, known.keys())}`);
    if (other.parts)
      throw new DocumentError(document, path, `found "${like}", which has parts itself; name one with "edges" and "weights"`);
  }
}
