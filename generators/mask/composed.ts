import type { Flat } from '../draw/flat.js';
import type { DimRules } from '../space/dims.js';
import { type CaseSpace, wishesOf } from '../space/space.js';
import { Undrawable } from '../undrawable.js';
import type { Composition } from './compositions.js';

/** How the masks of a flat case become one. */
export interface Composed {
  /** For the sizes of a case with this mask. */
  readonly rules: DimRules;
  /** The mask, or the case's bias, travels as a tensor; or every cell of the mask is looked at, to see whether the case is preferred. */
  readonly dense: boolean;
  readonly composition: Composition;
}

/** The composition, or the simplest one where the implementation cannot be given this one. */
export function composed(space: CaseSpace, flat: Flat): Composed {
  const { emptyRows, hiddenKeys } = space.request.needs;
  const preferred = emptyRows === true || hiddenKeys === true;
  const drawn = space.compositions[Math.min(flat.composition, space.compositions.length - 1)];
  for (const composition of [drawn, space.compositions[0]]) {
    const masks = composition.uses.map((place) => maskAt(space, flat, place));
    const wishes = wishesOf(masks, composition, space.capabilities);
    const rules = wishes && space.dims.rules({ ...wishes, square: wishes.square || space.parallel?.tied === true });
    if (!rules || rules instanceof Undrawable) continue;
    const dense = preferred || !(composition.alone && masks[0].named) || space.options.some(({ name }) => name === 'bias');
    return { rules, dense, composition };
  }
  throw new Undrawable('no mask of this check can be given to the implementation');
}

export function maskAt(space: CaseSpace, flat: Flat, place: number) {
  return space.masks[Math.min(flat[`mask${place}`], space.masks.length - 1)];
}
