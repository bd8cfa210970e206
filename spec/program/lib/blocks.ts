import { TermError } from '../primitive.js';
import type { Sizes } from '../tensor.js';

/** Checks that an axis of n has c = ⌈n / r⌉ blocks of r elements. @throws {TermError} if not. */
export function requireBlocks([whole, blocks, each]: readonly string[], sizes: Sizes): void {
  const needed = Math.ceil(sizes[whole] / sizes[each]);
  if (sizes[blocks] === needed) return;
  throw new TermError(
    `"${whole}" has ${sizes[whole]} elements, which are ${needed} blocks of ${sizes[each]} ("${each}"); "${blocks}" has size ${sizes[blocks]}`,
  );
}
