import type { Expression, Mask } from '../types/documents.js';
import { valueIn, type World } from './world.js';

/** The largest area of a rank over the mean: `value` itself, or at most that. */
export interface DeclaredBalance {
  readonly value: number;
  readonly most: boolean;
}

/** What the document declares for a mask. Undefined where it declares nothing, or where padding takes part of the area. */
export function balanceOf(world: World, mask: Mask): DeclaredBalance | undefined {
  const { balance } = world.scheme;
  if (world.padded !== world.tokens || !('name' in mask) || !Object.hasOwn(balance, mask.name)) return undefined;
  const declared = balance[mask.name];
  const most = typeof declared === 'object' && !Array.isArray(declared) && 'most' in declared;
  return { value: valueIn(world, most ? declared.most : (declared as Expression)), most };
}
