import type { Term } from '../expression/term.js';
import { type Frame, reads } from './frame.js';

/**
 * Where the keys begin that a term may tell from the key before: within a segment it has one value, whatever b, h and i are.
 * Found from its parts that depend on j alone, such as a block's index; every key begins a segment where j itself meets b, h or i.
 */
export function segmentStarts(term: Term, frame: Frame, n: number): Int32Array {
  const begins = new Uint8Array(n);
  if (n > 0) begins[0] = 1;
  for (const part of keyParts(term)) {
    let before = NaN;
    for (let j = 0; j < n; j++) {
      frame.j = j;
      const value = part.evaluate();
      if (!Object.is(value, before)) begins[j] = 1;
      before = value;
    }
  }
  const starts = new Int32Array(begins.reduce((sum, x) => sum + x, 0));
  let count = 0;
  for (let j = 0; j < n; j++) if (begins[j]) starts[count++] = j;
  return starts;
}

/** The largest parts that depend on j and nothing else. */
function keyParts(term: Term): Term[] {
  if (!(term.reads & reads.j)) return [];
  if (term.reads === reads.j) return [term];
  return term.operands.flatMap(keyParts);
}
