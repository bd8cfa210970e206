import type { CompiledMask } from '../mask/compile/compiled-mask.js';
import type { Positions } from '../positions.js';
import { ownersOf } from './owners.js';

/**
 * Keys that each rank sends if a document's keys go round its ranks: until all have met them
 * (`key-ring`), or back home (`key-ring-home`). A mask without documents is one document.
 */
export function ringTravels(
  each: 'key-ring' | 'key-ring-home',
  keys: readonly (readonly Positions[])[],
  { n, tables }: CompiledMask,
): Float64Array {
  const sent = new Float64Array(keys.length);
  const owners = ownersOf(keys, n);
  // the table is [b, n], the same for every batch entry
  const documents = tables.document?.data ?? new Int32Array(n);
  const tokens = new Map<number, Map<number, number>>();
  owners.forEach((owner, place) => {
    const document = Number(documents[place]);
    const ofRanks = tokens.get(document) ?? new Map<number, number>();
    tokens.set(document, ofRanks.set(owner, (ofRanks.get(owner) ?? 0) + 1));
  });
  for (const ofRanks of tokens.values()) {
    const ring = [...ofRanks.keys()].sort((x, y) => x - y);
    if (ring.length === 1) continue;
    for (const owner of ring) {
      // the last hop, from the rank before the owner, only goes home
      const last = ring[(ring.indexOf(owner) + ring.length - 1) % ring.length];
      for (const rank of ring) if (each === 'key-ring-home' || rank !== last) sent[rank] += ofRanks.get(owner) as number;
    }
  }
  return sent;
}
