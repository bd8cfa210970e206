import { whyUndocumented } from '../../../../spec/claims/adapter-scheme.js';
import type { Claims } from '../../../../spec/claims/claims.js';
import { placesOf } from '../../../../spec/positions.js';
import { layoutOf } from '../../../../spec/scheme/world.js';
import { worldFor } from '../../../../spec/scheme/world-for.js';
import type { SpecLibrary } from '../../../../spec/spec-library.js';
import type { Case, Parallel } from '../../../../spec/types/documents.js';

/** Positions of a case's tokens on the ranks of its scheme. */
export interface Placement {
  /** Completes a text with the assumed order; empty if a document states the order. */
  readonly assumed: string;
  readonly owner: Int32Array;
  /** Index of each token within its rank. */
  readonly local: Int32Array;
  readonly tokens: readonly (readonly number[])[];
  /** True if ranks also hold padding, with unknown contents. */
  readonly isPadded: boolean;
}

/** Schemes to assume if no document states the order of tokens. */
const usual: Readonly<Record<string, string>> = {
  ring: ', with contiguous shards',
  'ring-zigzag': ', with zigzag shards',
  'ring-striped': ', with striped shards',
};

/** Documented or assumed placements. Empty for a single rank, or unless queries are sharded. */
export function placementsOf({ library, capabilities }: Claims, c: Case): readonly Placement[] {
  const { parallel, dims } = c;
  const scheme = parallel && library.schemes.get(parallel.scheme);
  if (!scheme || parallel.ranks < 2 || scheme.layout === 'solved' || (scheme.queries ?? 'sharded') !== 'sharded' || dims.m !== dims.n)
    return [];
  if (whyUndocumented(capabilities) === undefined) return [placementOf(library, c, parallel, '')];
  return Object.entries(usual).flatMap(([name, assumed]) => {
    const known = library.schemes.has(name);
    return known ? [placementOf(library, c, { ...parallel, scheme: name }, assumed)] : [];
  });
}

function placementOf(library: SpecLibrary, c: Case, parallel: Parallel, assumed: string): Placement {
  const { n } = c.dims;
  const places = layoutOf(worldFor(library, { ...c, parallel })).map((segments) => [...placesOf(segments)]);
  const tokens = places.map((own) => own.filter((token) => token < n));
  const [owner, local] = [new Int32Array(n), new Int32Array(n)];
  for (const [rank, own] of tokens.entries()) {
    for (const [place, token] of own.entries()) {
      owner[token] = rank;
      local[token] = place;
    }
  }
  return { assumed, owner, local, tokens, isPadded: places.flat().length > n };
}
