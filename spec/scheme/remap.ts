import type { Positions } from '../positions.js';
import { ownersOf } from './owners.js';

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
