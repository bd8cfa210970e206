import { operations } from '../../expression/operations.js';
import { rebuild, type Term } from '../../expression/term.js';
import { type Frame, reads } from './frame.js';

const keptPerKey = 4;

/** Keys of a row for which a comparison holds, by trying one key of each segment. */
export function bySegments(term: Term, frame: Frame, n: number): (out: Int32Array) => number {
  const scan = scanner(term, frame, n);
  const [part, ...others] = rowParts(term);
  if (!part || others.length > 0 || part.operation === 'i') return scan;
  // rows that differ by one value, like a grid's column: cache runs by value
  const known = new Map<number, Int32Array>();
  let room = keptPerKey * n;
  return (out) => {
    const value = part.evaluate();
    const before = known.get(value);
    if (before) {
      out.set(before);
      return before.length / 2;
    }
    const count = scan(out);
    room -= 2 * count + 1;
    if (room > 0) known.set(value, out.slice(0, 2 * count));
    return count;
  };
}

function scanner(term: Term, frame: Frame, n: number): (out: Int32Array) => number {
  const starts = segmentStarts(term, frame, n);
  const resets: (() => void)[] = [];
  let at = 0;

  const atSegment = (part: Term): (() => number) | undefined => {
    if (part.operands.length === 0) return undefined;
    if (part.reads === reads.j) {
      const values = valuesAt(starts, part, frame);
      return () => values[at];
    }
    if (!(part.reads & reads.j)) return remembered(part.evaluate, () => Infinity);
    const ends = segmentEnds(part, starts, frame, n);
    if (ends.every((end, x) => end === x + 1)) return undefined;
    return remembered(
      rebuild(part, (inner) => (inner === part ? undefined : atSegment(inner))),
      () => ends[at],
    );
  };
  const remembered = (compute: () => number, endsAt: () => number) => {
    let end = 0;
    let value = 0;
    resets.push(() => {
      end = 0;
    });
    return () => {
      if (at >= end) {
        value = compute();
        end = endsAt();
      }
      return value;
    };
  };

  const [left, right] = term.operands.map((operand) => rebuild(operand, atSegment));
  const { apply: holds } = operations.get(term.operation) as { apply: (x: number, y: number) => number };
  return (out) => {
    for (const reset of resets) reset();
    let count = 0;
    let open = false;
    for (at = 0; at < starts.length; at++) {
      frame.j = starts[at];
      const visible = holds(left(), right()) !== 0;
      if (visible !== open) out[visible ? 2 * count : 2 * count++ + 1] = starts[at];
      open = visible;
    }
    if (open) out[2 * count++ + 1] = n;
    return count;
  };
}

/**
 * First keys of segments in which a term is constant for given b, h, i, from its parts that depend
 * on j alone, like a block index. If j is combined with b, h or i, every key is a segment.
 */
function segmentStarts(term: Term, frame: Frame, n: number): Int32Array {
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

function segmentEnds(part: Term, starts: Int32Array, frame: Frame, n: number): Int32Array {
  const own = segmentStarts(part, frame, n);
  const ends = new Int32Array(starts.length);
  for (let x = 0, y = 0; y < own.length; y++) {
    let end = x;
    while (end < starts.length && (y + 1 === own.length || starts[end] < own[y + 1])) end++;
    ends.fill(end, x, end);
    x = end;
  }
  return ends;
}

function valuesAt(keys: Int32Array, term: Term, frame: Frame): Float64Array {
  return Float64Array.from(keys, (j) => {
    frame.j = j;
    return term.evaluate();
  });
}

/** Largest subterms that depend on j alone. */
function keyParts(term: Term): Term[] {
  if (!(term.reads & reads.j)) return [];
  if (term.reads === reads.j) return [term];
  return term.operands.flatMap(keyParts);
}

/** Largest subterms that vary between rows but not along a row. */
function rowParts(term: Term): Term[] {
  if (!(term.reads & reads.j)) return term.reads === 0 ? [] : [term];
  return term.operands.flatMap(rowParts);
}
