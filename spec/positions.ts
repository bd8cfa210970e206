import type { Positions } from './types/documents.js';

export type { Positions } from './types/documents.js';

/** Number of positions in all segments. */
export function lengthOf(segments: readonly Positions[]): number {
  return segments.reduce((sum, { length }) => sum + length, 0);
}

/** Positions in all segments, in order. */
export function placesOf(segments: readonly Positions[]): Int32Array {
  const places = new Int32Array(lengthOf(segments));
  let at = 0;
  for (const { start, length, stride } of segments) for (let x = 0; x < length; x++) places[at++] = start + x * stride;
  return places;
}

/** Segments of ascending positions: one for contiguous or striped shards, two for zigzag shards. */
export function segmentsOf(places: ArrayLike<number>): Positions[] {
  const segments: Positions[] = [];
  for (let at = 0; at < places.length; ) {
    const start = places[at];
    const stride = at + 1 < places.length ? places[at + 1] - start : 1;
    let length = 1;
    while (at + length < places.length && places[at + length] - places[at + length - 1] === stride) length++;
    // two positions with a gap end two segments; they are no stride
    if (length === 2 && stride > 1 && at + 2 < places.length) length = 1;
    segments.push({ start, length, stride: length === 1 ? 1 : stride });
    at += length;
  }
  return segments;
}
