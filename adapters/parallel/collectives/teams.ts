import type { Positions } from '../../../spec/scheme/positions.js';
import type { World } from '../../../spec/scheme/world.js';
import type { Mask } from '../../../spec/types/documents.js';
import type { WholeProblem } from '../blocks/local-attention.js';

/** The ranks that compute one document. */
export interface Team {
  /** Those that have tokens of it, ascending. */
  readonly ranks: readonly number[];
  /** The places of each, ascending. */
  readonly places: readonly (readonly Positions[])[];
}

/** Teams of a problem, in the order of its documents. */
export type TeamsOf = (whole: WholeProblem, world: World) => readonly Team[];

/** Tokens [start, start + length). */
interface Document {
  readonly start: number;
  readonly length: number;
}

/**
 * Gives each document a group of ranks: those with the most work for a rank first, each to the least loaded of the groups of its size, which are
 * runs of ranks from a multiple of the size on. The work of a rank is length² / size.
 * @param sizeFor how many ranks a document of a length has.
 */
export function packTeams(mask: Mask, { tokens, ranks }: World, sizeFor: (length: number) => number): Team[] {
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
      return { start: document.start, team: zigzag(document, first, size) };
    });
  return packed.sort((x, y) => x.start - y.start).map(({ team }) => team);
}

/** Where each rank's tokens lie. */
export function placesOfTeams(teams: readonly Team[], ranks: number): Positions[][] {
  const places: Positions[][] = Array.from({ length: ranks }, () => []);
  for (const team of teams) for (const [member, rank] of team.ranks.entries()) places[rank].push(...team.places[member]);
  return places;
}

/** Made once for each problem: blocks of attention are known by their places. */
export function madeOnce(teamsOf: TeamsOf): TeamsOf {
  const made = new WeakMap<WholeProblem, readonly Team[]>();
  return (whole, world) => {
    const teams = made.get(whole) ?? teamsOf(whole, world);
    made.set(whole, teams);
    return teams;
  };
}

/** The first rank of the group with the least load on its most loaded rank. */
function leastLoaded(loads: Float64Array, size: number): number {
  let [best, least] = [0, Infinity];
  for (let first = 0; first + size <= loads.length; first += size) {
    const load = Math.max(...loads.subarray(first, first + size));
    if (load < least) [best, least] = [first, load];
  }
  return best;
}

/** Those with tokens; without a list of lengths all tokens are one. */
function documentsOf(mask: Mask, tokens: number): Document[] {
  const lengths = 'name' in mask ? mask.parameters?.lengths : undefined;
  let start = 0;
  return (Array.isArray(lengths) ? (lengths as number[]) : [tokens])
    .map((length) => {
      const document = { start, length };
      start += length;
      return document;
    })
    .filter(({ length }) => length > 0);
}

/** Of twice as many chunks as ranks, nearly even, the r-th rank has the r-th from either end. */
function zigzag({ start, length }: Document, first: number, size: number): Team {
  const edge = (chunk: number) => start + Math.floor((chunk * length) / (2 * size));
  const chunk = (x: number): Positions => ({ start: edge(x), length: edge(x + 1) - edge(x), stride: 1 });
  const members = Array.from({ length: size }, (_, r) => ({
    rank: first + r,
    places: size === 1 ? [{ start, length, stride: 1 }] : [chunk(r), chunk(2 * size - 1 - r)].filter((part) => part.length > 0),
  })).filter(({ places }) => places.length > 0);
  return { ranks: members.map(({ rank }) => rank), places: members.map(({ places }) => places) };
}
