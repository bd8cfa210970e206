import { evaluateExpression } from '../expression/evaluate.js';
import type { CompiledMask } from '../mask/compile/compiled-mask.js';
import { type Positions, placesOf } from '../positions.js';
import { bytesOf } from '../tensor/dtype.js';
import type { DType, Expression, VolumeTerm } from '../types/documents.js';
import { ownersOf } from './owners.js';
import type { World } from './world.js';

/** Tokens that each rank sends to the ranks that compute their attention. @throws {RangeError} */
export function remapTravels(
  each: 'remap' | 'remap-return',
  tokens: readonly (readonly Positions[])[],
  remapped: readonly (readonly Positions[])[] | undefined,
  n: number,
): Float64Array {
  if (!remapped) throw new RangeError(`"${each}" counts tokens that are remapped, but the scheme's program remaps none`);
  const [home, away] = [ownersOf(tokens, n), ownersOf(remapped, n)];
  const sent = new Float64Array(tokens.length);
  for (let place = 0; place < n; place++) if (home[place] !== away[place]) sent[(each === 'remap' ? home : away)[place]]++;
  return sent;
}

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

/** Positions of the keys and queries of each rank. */
export interface SchemeLayout {
  readonly keys: readonly (readonly Positions[])[];
  readonly queries: readonly (readonly Positions[])[];
  /** Positions of each rank's tokens during attention, if they are remapped for it. */
  readonly remapped?: readonly (readonly Positions[])[];
}

/** Bytes that each rank sends in a pass, from the document, layout and mask; 0 on a single rank. */
export function volumeOf(
  world: World,
  layout: SchemeLayout,
  mask: CompiledMask,
  direction: 'forward' | 'backward',
  dtype: DType,
): Float64Array {
  const bytes = new Float64Array(world.ranks);
  if (world.ranks === 1) return bytes;
  for (const term of world.scheme.volume[direction] ?? []) {
    const size = term.as === 'storage' ? bytesOf(dtype) : dtype === 'f64' ? 8 : 4;
    elementsOf(term, world, layout, mask).forEach((elements, rank) => {
      bytes[rank] += elements * size;
    });
  }
  return bytes;
}

function elementsOf({ elements, each, width }: VolumeTerm, world: World, layout: SchemeLayout, mask: CompiledMask): Float64Array {
  if (each === 'token' || each === 'token-return') return tokenTravels(each, width as Expression, world, layout.keys, mask.n);
  const value = (expression: NonNullable<typeof elements>, rank: number) =>
    evaluateExpression(expression, (name) => (name === 'r' ? rank : (world.values.get(name) ?? NaN)));
  const counts = each === undefined ? new Float64Array(world.ranks).fill(1) : travels(each, world.ranks, layout, mask);
  const perPlace = (elements ?? width) as NonNullable<typeof elements>;
  return counts.map((count, rank) => count * value(perPlace, rank));
}

function travels(
  each: Exclude<NonNullable<VolumeTerm['each']>, 'token' | 'token-return'>,
  ranks: number,
  layout: SchemeLayout,
  mask: CompiledMask,
): Float64Array {
  switch (each) {
    case 'key-ring':
    case 'key-ring-home':
      return ringTravels(each, layout.remapped ?? layout.keys, mask);
    case 'remap':
    case 'remap-return':
      return remapTravels(each, layout.keys, layout.remapped, mask.n);
    default:
      return neededTravels(each, ranks, layout, mask);
  }
}

/** Keys or queries that each rank sends to ranks that need them, or sends back. */
function neededTravels(
  each: 'key' | 'key-return' | 'query' | 'query-return',
  ranks: number,
  layout: SchemeLayout,
  mask: CompiledMask,
): Float64Array {
  const [keyOwner, queryOwner] = [ownersOf(layout.keys, mask.n), ownersOf(layout.queries, mask.m)];
  const moved = new Set<number>();
  const ofKeys = each === 'key' || each === 'key-return';
  for (let b = 0; b < mask.b; b++) {
    for (let h = 0; h < mask.heads; h++) {
      for (let i = 0; i < mask.m; i++) {
        for (let j = 0; j < mask.n; j++) {
          if (keyOwner[j] === queryOwner[i] || !mask.visible(b, h, i, j)) continue;
          moved.add(ofKeys ? j * ranks + queryOwner[i] : i * ranks + keyOwner[j]);
        }
      }
    }
  }
  const counts = new Float64Array(ranks);
  const goesBack = each === 'key-return' || each === 'query-return';
  for (const x of moved) counts[goesBack ? x % ranks : (ofKeys ? keyOwner : queryOwner)[Math.floor(x / ranks)]]++;
  return counts;
}

/** Elements that each rank sends: the width summed over tokens and other ranks, or returns. */
function tokenTravels(
  each: 'token' | 'token-return',
  width: Expression,
  world: World,
  keys: readonly (readonly Positions[])[],
  tokens: number,
): Float64Array {
  const sums = new Float64Array(world.ranks);
  for (const [owner, segments] of keys.entries()) {
    for (const token of placesOf(segments)) {
      for (let other = 0; other < world.ranks && token < tokens; other++) {
        if (other === owner) continue;
        const names: Record<string, number> = { r: owner, s: other, t: token };
        sums[each === 'token' ? owner : other] += evaluateExpression(width, (name) => names[name] ?? world.values.get(name) ?? NaN);
      }
    }
  }
  return sums;
}
