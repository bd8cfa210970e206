import type { Expression, Mask } from '../types/documents.js';
import { valueIn, type World } from './world.js';

/** Largest area of a rank ÷ mean area: `value`, or at most `value` if `most` is set. */
export interface DeclaredBalance {
  readonly value: number;
  readonly most: boolean;
}

/** Balance that the document declares for a mask; undefined if none, or if tokens are padded. */
export function balanceOf(world: World, mask: Mask): DeclaredBalance | undefined {
  const { balance } = world.scheme;
  if (world.padded !== world.tokens || !('name' in mask) || !Object.hasOwn(balance, mask.name)) return undefined;
  const declared = balance[mask.name];
  const most = typeof declared === 'object' && !Array.isArray(declared) && 'most' in declared;
  return { value: valueIn(world, most ? declared.most : (declared as Expression)), most };
}
