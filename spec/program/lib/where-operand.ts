import { bytes } from '../scratch.js';
import { elements, offsets, type ProgramTensor, type Sizes } from '../tensor.js';

// Answers of a `where`: two certain and two uncertain ones.
export const NO = 0;
export const YES = 1;
const PERHAPS = 2;
export const PERHAPS_NOT = 3;

/** Answer of a `where` for every index over `space`; YES without a `where`. */
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
