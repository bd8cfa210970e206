import type { Positions } from './types/documents.js';

export type { Positions } from './types/documents.js';

/** How many places segments stand for. */
export function lengthOf(segments: readonly Positions[]): number {
  return segments.reduce((sum, { length }) => sum + length, 0);
}

/** The places that segments stand for, in their order. */
export function placesOf(segments: readonly Positions[]): Int32Array {
  const places = new Int32Array(lengthOf(segments));
  let at = 0;
  for (const { start, length, stride } of segments) for (let x = 0; x < length; x++) places[at++] = start + x * stride;
  return places;
}

/** Ascending places as few segments: one for contiguous and striped shards, two for zigzag ones. */
export function segmentsOf(places: ArrayLike<number>): Positions[] {
  const segments: Positions[] = [];
  for (let at = 0; at < places.length; ) {
    const start = places[at];
    const stride = at + 1 < places.length ? places[at + 1] - start : 1;
    let length = 1;
    while (at + length < places.length && places[at + length] - places[at + length - 1] === stride) length++;
    // two places that are no neighbours are the ends of two segments rather than a stride
    if (length === 2 && stride > 1 && at + 2 < places.length) length = 1;
    segments.push({ start, length, stride: length === 1 ? 1 : stride });
    at += length;
  }
  return segments;
}
