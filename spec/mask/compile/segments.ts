import type { Term } from '../../expression/term.js';
import { type Frame, reads } from './frame.js';

/**
 * First keys of segments within which a term does not depend on j: it has one value for given b, h and i. The segments are found from
 * the term's parts that depend on j alone, such as the index of a block. If j itself is combined with b, h or i, every key is a segment.
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

/** Largest subterms that depend on j and nothing else. */
function keyParts(term: Term): Term[] {
  if (!(term.reads & reads.j)) return [];
  if (term.reads === reads.j) return [term];
  return term.operands.flatMap(keyParts);
}
