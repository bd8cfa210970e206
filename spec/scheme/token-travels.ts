import { evaluateExpression } from '../expression/evaluate.js';
import type { Expression } from '../types/documents.js';
import { type Positions, placesOf } from './positions.js';
import type { World } from './world.js';

/** Elements that each rank sends: the width summed over its tokens and the other ranks; or what these send back. */
export function tokenTravels(
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
