import { type Positions, placesOf } from '../../../spec/scheme/positions.js';
import { valueIn, type World } from '../../../spec/scheme/world.js';
import type { Dims } from '../../../spec/types/documents.js';
import type { HeadRange } from '../blocks/local-attention.js';

/** A branch of dilated attention: segments of so many tokens, of which every rate-th is kept. */
export interface Branch {
  readonly segment: number;
  readonly rate: number;
}

/** Neighbouring query heads of one key head that keep the same tokens: those at `offset` modulo the rate. */
export interface HeadRun {
  readonly keyHead: number;
  readonly heads: HeadRange;
  readonly offset: number;
}

/** Branch x has segments of segment·ratioˣ tokens and the rate ratioˣ. */
export function branchesOf(world: World): Branch[] {
  const [segment, ratio, levels] = ['segment', 'ratio', 'levels'].map((name) => valueIn(world, name));
  return Array.from({ length: levels }, (_, level) => ({ segment: segment * ratio ** level, rate: ratio ** level }));
}

/** All query heads in their order: head h keeps the tokens at ⌊h / ⌈heads / rate⌉⌋ modulo the rate. */
export function headRuns({ hk, g }: Pick<Dims, 'hk' | 'g'>, rate: number): HeadRun[] {
  const together = Math.ceil((hk * g) / rate);
  const runs: HeadRun[] = [];
  for (let first = 0; first < hk * g; ) {
    const keyHead = Math.floor(first / g);
    const offset = Math.floor(first / together);
    const end = Math.min((keyHead + 1) * g, (offset + 1) * together);
    runs.push({ keyHead, heads: { first, keyHeads: 1, group: end - first }, offset });
    first = end;
  }
  return runs;
}

/** The rows of a shard that a head keeps, without padding; those in segments in which `near`, contiguous, has tokens too. */
export function keptRows(
  shard: readonly Positions[],
  near: readonly Positions[],
  tokens: number,
  { segment, rate }: Branch,
  offset: number,
): Int32Array {
  const [places, others] = [placesOf(shard), placesOf(near)];
  const segmentOf = (place: number) => Math.floor(place / segment);
  const [first, last] = [segmentOf(others[0]), segmentOf(others[others.length - 1])];
  return Int32Array.from(places.keys()).filter((row) => {
    const place = places[row];
    return place < tokens && place % rate === offset && segmentOf(place) >= first && segmentOf(place) <= last;
  });
}
