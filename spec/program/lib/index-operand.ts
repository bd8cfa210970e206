import type { ProgramTensor } from '../tensor.js';

/** Place that an index names: its nearest whole number, if the axis has such a place; −1 for any other number, such as padding. */
function placeNamed(index: number, size: number): number {
  const whole = Math.round(index);
  return whole >= 0 && whole < size ? whole : -1;
}

/**
 * Place of an axis that an element of an index names, and whether its error leaves it open.
 * @param size of the axis. @returns −1 where the axis has no such place.
 */
export function placeAt({ value, bound }: ProgramTensor, at: number, size: number): { readonly place: number; readonly open: boolean } {
  const place = placeNamed(value[at], size);
  const e = bound ? bound[at] : 0;
  if (e === 0) return { place, open: false };
  const [low, high] = [placeNamed(value[at] - e, size), placeNamed(value[at] + e, size)];
  return { place, open: !(e < size) || low !== place || high !== place };
}
