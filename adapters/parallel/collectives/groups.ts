import { type Positions, placesOf, segmentsOf } from '../../../spec/positions.js';
import type { Communicator } from '../communicator.js';

/** Partition of the ranks into groups that share out heads, and nested rings across them. */
export interface Degrees {
  readonly heads: number;
  readonly rings: readonly number[];
  /** True if adjacent ranks share out heads instead of forming the innermost ring. */
  readonly headFirst: boolean;
}

/** Communicators of a rank in the partition. */
export interface Groups {
  readonly heads: Communicator;
  /** Rings with more than one rank, the outermost first. */
  readonly rings: readonly Communicator[];
  /** Ranks of each group that shares out heads, by the group's index in the rings. */
  readonly members: readonly (readonly number[])[];
}

/** Creates the groups. Every rank must call this, in the same order. */
export async function groupsOf(comm: Communicator, { heads, rings, headFirst }: Degrees): Promise<Groups> {
  const places = comm.size / heads;
  const rankAt = (place: number, member: number) => (headFirst ? place * heads + member : member * places + place);
  const members = Array.from({ length: places }, (_, place) => Array.from({ length: heads }, (__, member) => rankAt(place, member)));
  const place = members.findIndex((ranks) => ranks.includes(comm.rank));
  const member = members[place].indexOf(comm.rank);
  const split = async (size: number, color: number, key: number) => (size === comm.size ? comm : comm.split(color, key));
  const group = await split(heads, place, member);
  const own: Communicator[] = [];
  let inside = places;
  for (const size of rings) {
    inside /= size;
    const stop = Math.floor(place / inside) % size;
    if (size > 1) own.push(await split(size, member * places + place - stop * inside, stop));
  }
  return { heads: group, rings: own, members };
}

type PlacesByRank = readonly (readonly Positions[])[];

const joined = new WeakMap<PlacesByRank, Map<string, readonly Positions[]>>();

/** Returns the joint positions of several ranks, ascending from rank to rank. */
export function placesOfRanks(places: PlacesByRank, ranks: readonly number[]): readonly Positions[] {
  let known = joined.get(places);
  if (!known) {
    known = new Map();
    joined.set(places, known);
  }
  const which = ranks.join();
  let together = known.get(which);
  if (!together) {
    together = segmentsOf(placesOf(ranks.flatMap((rank) => places[rank])));
    known.set(which, together);
  }
  return together;
}
