import { rebuild, type Term } from '../../expression/term.js';
import { type Direction, directionOf, reverse, together } from './direction.js';
import { type Frame, reads } from './frame.js';
import { oneRun, type RowPredicate } from './run-list.js';
import { bySegments } from './segments.js';

type Value = () => number;

/**
 * Keys with `low` ⋛ `high` by bisection, if low − high never falls.
 * @param prepare once per row.
 */
function byBisection(relation: string, low: Value, high: Value, prepare: () => void, frame: Frame, n: number): (out: Int32Array) => number {
  const first = (holds: () => boolean): number => {
    let from = 0;
    let to = n;
    while (from < to) {
      const middle = (from + to) >>> 1;
      frame.j = middle;
      if (holds()) to = middle;
      else from = middle + 1;
    }
    return from;
  };
  const reaches = () => low() >= high();
  const exceeds = () => low() > high();
  const begin = relation === '>' ? exceeds : relation === '<' || relation === '<=' ? undefined : reaches;
  const end = relation === '<' ? reaches : relation === '>' || relation === '>=' ? undefined : exceeds;
  return (out) => {
    prepare();
    frame.j = 0;
    // a NaN side holds for no key
    if (Number.isNaN(low()) || Number.isNaN(high())) return 0;
    return oneRun(out, begin ? first(begin) : 0, end ? first(end) : n, n);
  };
}

type Rows = (out: Int32Array) => number;

const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' };

/** Comparison that depends on j; chooses its method when the first row is needed. */
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

/** Closed form if j stands alone, bisection if monotonic, else a scan of segments. */
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

function standsAlone({ operands: [left, right] }: Term): boolean {
  return (left.operation === 'j' && !(right.reads & reads.j)) || (right.operation === 'j' && !(left.reads & reads.j));
}

/** Direction of the left side relative to the right side as j grows. */
function directionIn({ operands: [left, right] }: Term, n: number): Direction {
  return together(directionOf(left, n), reverse(directionOf(right, n)));
}

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

/** Operands of a term; `prepare` computes their parts without j once per row. */
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
