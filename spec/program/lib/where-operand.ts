import { bytes } from '../scratch.js';
import { elements, offsets, type ProgramTensor, type Sizes } from '../tensor.js';

// Answers of a `where` for an element: two that are certain, and two that its error leaves open.
export const NO = 0;
export const YES = 1;
const PERHAPS = 2;
export const PERHAPS_NOT = 3;

/** Returns what a `where` answers for every index over the axes `space`; yes for all where there is none. */
export function answersOf(where: ProgramTensor | undefined, space: readonly string[], sizes: Sizes): Uint8Array {
  const answers = bytes(elements(space, sizes));
  if (!where) return answers.fill(YES);
  const { value, bound } = where;
  const places = offsets(where.axes, space, sizes);
  for (let i = 0; i < answers.length; i++) {
    const keeps = value[places[i]] !== 0;
    if (bound && bound[places[i]] > 0) answers[i] = keeps ? PERHAPS : PERHAPS_NOT;
    else answers[i] = keeps ? YES : NO;
  }
  return answers;
}
