import { rebuild, type Term } from '../../expression/term.js';
import { byBisection } from './bisection.js';
import { type Direction, directionOf, reverse, together } from './direction.js';
import { type Frame, reads } from './frame.js';
import { oneRun, type RowPredicate } from './run-list.js';
import { bySegments } from './segments.js';

type Rows = (out: Int32Array) => number;

const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' };

/** A comparison that depends on j. How it finds its rows is chosen when the first is asked for. */
export function comparison(term: Term, frame: Frame, n: number): RowPredicate {
  let rows: Rows | undefined;
  return {
    reads: term.reads,
    test: () => term.evaluate() !== 0,
    scans: () => !standsAlone(term) && directionIn(term, n) === undefined,
    runs(out) {
      rows ??= chooseRows(term, frame, n);
      return rows(out);
    },
  };
}

/** In closed form where j stands alone, by bisection where the sides only ever approach or part, else by trying each stretch of keys that the term tells apart. */
function chooseRows(term: Term, frame: Frame, n: number): Rows {
  const [left, right] = term.operands;
  if (left.operation === 'j' && !(right.reads & reads.j)) return closedForm(term.operation, right.evaluate, n);
  if (right.operation === 'j' && !(left.reads & reads.j)) return closedForm(mirrored[term.operation], left.evaluate, n);
  const direction = directionIn(term, n);
  if (direction === undefined) return bySegments(term, frame, n);
  const { prepare, operands } = hoisted(term);
  const rising = direction === 1;
  const [low, high] = rising ? operands : operands.toReversed();
  return byBisection(rising ? term.operation : mirrored[term.operation], low, high, prepare, frame, n);
}

/** Tells whether j alone is one side of a comparison, and the other does not depend on it. */
function standsAlone({ operands: [left, right] }: Term): boolean {
  return (left.operation === 'j' && !(right.reads & reads.j)) || (right.operation === 'j' && !(left.reads & reads.j));
}

/** Direction in which the left side of a comparison moves against the right one as j grows. */
function directionIn({ operands: [left, right] }: Term, n: number): Direction {
  return together(directionOf(left, n), reverse(directionOf(right, n)));
}

/** The keys for which j ⋛ bound. */
function closedForm(relation: string, bound: () => number, n: number): Rows {
  switch (relation) {
    case '<':
      return (out) => oneRun(out, 0, Math.ceil(bound()), n);
    case '<=':
      return (out) => oneRun(out, 0, Math.floor(bound()) + 1, n);
    case '>':
      return (out) => oneRun(out, Math.floor(bound()) + 1, n, n);
    case '>=':
      return (out) => oneRun(out, Math.ceil(bound()), n, n);
    default:
      return (out) => {
        const only = bound();
        return only % 1 === 0 ? oneRun(out, only, only + 1, n) : 0;
      };
  }
}

/** A term's operands, with whatever does not depend on j computed once a row, by `prepare`. */
function hoisted(term: Term): { prepare: () => void; operands: (() => number)[] } {
  const slots: { value: number; readonly compute: () => number }[] = [];
  const operands = term.operands.map((operand) =>
    rebuild(operand, (part) => {
      if (part.operands.length === 0 || part.reads & reads.j) return undefined;
      const slot = { value: 0, compute: part.evaluate };
      slots.push(slot);
      return () => slot.value;
    }),
  );
  const prepare = () => {
    for (const slot of slots) slot.value = slot.compute();
  };
  return { prepare, operands };
}
