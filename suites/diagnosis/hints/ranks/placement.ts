import { whyUndocumented } from '../../../../spec/claims/adapter-scheme.js';
import type { Claims } from '../../../../spec/claims/claims.js';
import { placesOf } from '../../../../spec/positions.js';
import { layoutOf } from '../../../../spec/scheme/world.js';
import { worldFor } from '../../../../spec/scheme/world-for.js';
import type { SpecLibrary } from '../../../../spec/spec-library.js';
import type { Case, Parallel } from '../../../../spec/types/documents.js';

/** Places of the tokens of a case on the ranks of its scheme. */
export interface Placement {
  /** Said of a scheme of which no document says it: the order that is assumed. Completes a text, and is empty where a document says it. */
  readonly assumed: string;
  /** Rank of each token. */
  readonly owner: Int32Array;
  /** Place of each token among those of its rank. */
  readonly local: Int32Array;
  /** Tokens of each rank, in its order. */
  readonly tokens: readonly (readonly number[])[];
  /** True if ranks have padding beside tokens, of which nothing is known. */
  readonly isPadded: boolean;
}

/** Schemes whose orders of tokens are tried where no document says how they lie. */
const usual: Readonly<Record<string, string>> = {
  ring: ', with contiguous shards',
  'ring-zigzag': ', with zigzag shards',
  'ring-striped': ', with striped shards',
};

/** Returns the placements of a case's tokens, one or those that are assumed; none without several ranks, and where queries are on all of them. */
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
  // padding lies beyond the tokens
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
