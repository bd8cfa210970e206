import type { Positions } from '../../../spec/positions.js';
import { documentLengths } from '../../../spec/scheme/document-lengths.js';
import type { World } from '../../../spec/scheme/world.js';
import type { Mask } from '../../../spec/types/documents.js';
import type { WholeProblem } from '../blocks/local-attention.js';

/** Group of ranks that computes one document. */
export interface DocumentGroup {
  /** Ranks that have tokens of the document, ascending. */
  readonly ranks: readonly number[];
  readonly places: readonly (readonly Positions[])[];
}

/** Returns the groups of a problem, in the order of its documents. */
export type DocumentGroupsOf = (whole: WholeProblem, world: World) => readonly DocumentGroup[];

/** Tokens [start, start + length). */
interface Document {
  readonly start: number;
  readonly length: number;
}

/**
 * Assigns each document to `size` adjacent ranks, the first a multiple of `size`. Documents with
 * the most work per rank, length² / size, come first, each to the least loaded group.
 */
export function packDocuments(mask: Mask, { tokens, ranks }: World, sizeFor: (length: number) => number): DocumentGroup[] {
  const loads = new Float64Array(ranks);
  const sized = documentsOf(mask, tokens).map((document) => {
    const size = sizeFor(document.length);
    return { document, size, work: document.length ** 2 / size };
  });
  const packed = sized
    .sort((x, y) => y.work - x.work || x.document.start - y.document.start)
    .map(({ document, size, work }) => {
      const first = leastLoaded(loads, size);
      for (let rank = first; rank < first + size; rank++) loads[rank] += work;
      return { start: document.start, group: zigzag(document, first, size) };
    });
  return packed.sort((x, y) => x.start - y.start).map(({ group }) => group);
}

/** Returns the positions of each rank's tokens. */
export function placesOfGroups(groups: readonly DocumentGroup[], ranks: number): Positions[][] {
  const places: Positions[][] = Array.from({ length: ranks }, () => []);
  for (const group of groups) for (const [member, rank] of group.ranks.entries()) places[rank].push(...group.places[member]);
  return places;
}

/** Caches groups by problem, because blocks are identified by their positions objects. */
export function madeOnce(documentGroups: DocumentGroupsOf): DocumentGroupsOf {
  const made = new WeakMap<WholeProblem, readonly DocumentGroup[]>();
  return (whole, world) => {
    const groups = made.get(whole) ?? documentGroups(whole, world);
    made.set(whole, groups);
    return groups;
  };
}

/** Returns the first rank of the group with the smallest maximum load. */
function leastLoaded(loads: Float64Array, size: number): number {
  let [best, least] = [0, Infinity];
  for (let first = 0; first + size <= loads.length; first += size) {
    const load = Math.max(...loads.subarray(first, first + size));
    if (load < least) [best, least] = [first, load];
  }
  return best;
}

/** Returns the documents with tokens; without lengths, all tokens are one document. */
function documentsOf(mask: Mask, tokens: number): Document[] {
  let start = 0;
  return documentLengths(mask, tokens)
    .map((length) => {
      const document = { start, length };
      start += length;
      return document;
    })
    .filter(({ length }) => length > 0);
}

/** Zigzag: cuts the document into 2P near-equal chunks; rank r gets chunks r and 2P − 1 − r. */
function zigzag({ start, length }: Document, first: number, size: number): DocumentGroup {
  const edge = (chunk: number) => start + Math.floor((chunk * length) / (2 * size));
  const chunk = (x: number): Positions => ({ start: edge(x), length: edge(x + 1) - edge(x), stride: 1 });
  const members = Array.from({ length: size }, (_, r) => ({
    rank: first + r,
    places: size === 1 ? [{ start, length, stride: 1 }] : [chunk(r), chunk(2 * size - 1 - r)].filter((part) => part.length > 0),
  })).filter(({ places }) => places.length > 0);
  return { ranks: members.map(({ rank }) => rank), places: members.map(({ places }) => places) };
}
