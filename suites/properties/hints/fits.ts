import { type Comparand, compareOutput } from '../compare.js';

/** Every decided element is right, and at least nine tenths are decided. */
export function fits(c: Comparand): boolean {
  const { worst, statistics } = compareOutput(c);
  return !worst && statistics.undecided * 9 <= statistics.elements;
}
