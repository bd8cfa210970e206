import type { ProgramTensor } from '../tensor.js';

function placeNamed(index: number, size: number): number {
  const whole = Math.round(index);
  return whole >= 0 && whole < size ? whole : -1;
}

/** Position of an index element, or −1 outside the axis; `open` if its error may change it. */
export function placeAt({ value, bound }: ProgramTensor, at: number, size: number): { readonly place: number; readonly open: boolean } {
  const place = placeNamed(value[at], size);
  const e = bound ? bound[at] : 0;
  if (e === 0) return { place, open: false };
  const [low, high] = [placeNamed(value[at] - e, size), placeNamed(value[at] + e, size)];
  return { place, open: !(e < size) || low !== place || high !== place };
}
