import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import type { CaseSpace, Composition, DimRules, MaskRule } from '../lib/case-space.js';
import type { Flat } from '../lib/flat.js';
import { Undrawable } from '../lib/undrawable.js';
import { BATCH, denseFit, HEAD } from './rules.js';

/** Composition of a flat case's masks. */
export interface Composed {
  readonly rules: DimRules;
  /** True if the mask or bias travels as a tensor, or if every cell of the mask is examined. */
  readonly dense: boolean;
  readonly composition: Composition;
}

/** The composition drawn, or the simplest one if the implementation does not accept it. */
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
  throw new Undrawable('the implementation accepts no mask of this check');
}

export function maskAt(space: CaseSpace, flat: Flat, place: number) {
  return space.masks[Math.min(flat[`mask${place}`], space.masks.length - 1)];
}

/** Requirements of masks on the sizes; undefined if the implementation accepts no form. */
export function wishesOf(rules: readonly MaskRule[], composition: Composition, capabilities: FullCapabilities) {
  const square = rules.some((rule) => rule.square);
  if (composition.alone && rules[0].named) return { square, oneBatch: false };
  const axes = rules.reduce((all, rule) => all | rule.axes, composition.perHead ? HEAD : 0);
  const fit = denseFit(capabilities, axes);
  return fit === 'none' ? undefined : { square, oneBatch: fit === 'one-batch' && (axes & BATCH) !== 0 };
}
