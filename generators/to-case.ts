import type { Case, Mask } from '../spec/types/documents.js';
import { type DimRules, toDims } from './dims.js';
import { valuesOf } from './distributions.js';
import type { Flat } from './flat.js';
import { historyCase } from './history/draw.js';
import { namedMask } from './mask-parameters.js';
import { optionsOf } from './options.js';
import { packedCase } from './packed.js';
import { parallelOf } from './parallel.js';
import { type CaseSpace, wishesOf } from './space.js';
import { splitOf } from './split.js';
import { Undrawable } from './undrawable.js';
import { viewsOf } from './views.js';

/** The case that a flat case stands for: a pure function, which saturates whatever is out of range. */
export function toCase(space: CaseSpace, flat: Flat): Case {
  const { request, capabilities, dialect } = space;
  if (space.packed && (space.packed.forced || flat.packed > 0)) return packedCase(space, space.packed, flat);
  if (space.history) return historyCase(space, space.history, flat);
  const { needs, dtype, operator } = request;
  const { rules, build } = composed(space, flat);
  const { otherAxes } = space.dims;
  const dims = toDims(
    rules,
    otherAxes.length === 0 ? flat : { ...flat, ...Object.fromEntries(otherAxes.map((axis) => [axis, flat.other])) },
  );
  const layout = space.layouts[Math.min(flat.layout, space.layouts.length - 1)];
  const c: Case = {
    operator,
    dims,
    mask: build((place) => namedMask(maskAt(space, flat, place), flat, place, dims)),
    options: optionsOf(space.options, flat),
    dtype,
    layout,
    values: valuesOf(space.distributions, flat),
  };
  if (dialect) c.dialect = dialect;
  if (space.parallel) c.parallel = parallelOf(space.parallel, flat);
  if (needs.split) c.split = splitOf(flat, dims, capabilities.limits);
  const views = needs.views && capabilities.strided ? viewsOf(flat, layout, capabilities.gradients.length > 0) : undefined;
  if (views) c.views = views;
  return c;
}

/** The composition, or the simplest one where the implementation cannot be given this one, with the rules for its sizes. */
function composed(space: CaseSpace, flat: Flat): { rules: DimRules; build(part: (place: number) => Mask): Mask } {
  const drawn = space.compositions[Math.min(flat.composition, space.compositions.length - 1)];
  for (const composition of [drawn, space.compositions[0]]) {
    const masks = composition.uses.map((place) => maskAt(space, flat, place));
    const wishes = wishesOf(masks, composition, space.capabilities);
    const rules = wishes && space.dims.rules({ ...wishes, square: wishes.square || space.parallel?.tied === true });
    if (rules && !(rules instanceof Undrawable)) return { rules, build: (part) => composition.build(part) };
  }
  throw new Undrawable('no mask of this check can be given to the implementation');
}

function maskAt(space: CaseSpace, flat: Flat, place: number) {
  return space.masks[Math.min(flat[`mask${place}`], space.masks.length - 1)];
}
