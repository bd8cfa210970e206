import type { Term } from '../../expression/term.js';
import { memoised } from '../../lib/memoised.js';
import { reads } from './frame.js';

/** Monotonicity in j: 1 never falls, −1 never rises, 0 is independent, undefined is unknown. */
export type Direction = 1 | -1 | 0 | undefined;

// Limit of known factors and inverses, so that no nesting overflows to ∞ − ∞ = NaN.
const largestFactor = 2 ** 24;

/** Monotonicity of a term for j in [0, n). */
export function directionOf(term: Term, n: number): Direction {
  if ((term.reads & reads.j) === 0) return 0;
  const operand = (place: number) => directionOf(term.operands[place], n);
  switch (term.operation) {
    case 'j':
      return 1;
    case 'at':
      return directionOfTable(term, n);
    case 'floor':
      return operand(0);
    case '-':
      return together(operand(0), reverse(operand(1)));
    case '+':
    case 'min':
    case 'max':
      return term.operands.map((t) => directionOf(t, n)).reduce(together);
    case '*':
      return term.operands.length === 2 ? (scaled(operand(0), term.operands[1]) ?? scaled(operand(1), term.operands[0])) : undefined;
    case '/':
      return scaled(operand(0), term.operands[1]);
    default:
      return undefined;
  }
}

export function reverse(direction: Direction): Direction {
  return direction === undefined ? undefined : (-direction as Direction);
}

/** Direction of the sum of two terms. */
export function together(x: Direction, y: Direction): Direction {
  if (x === undefined || y === undefined) return undefined;
  if (x === 0) return y;
  return y === 0 || x === y ? x : undefined;
}

function scaled(direction: Direction, factor: Term): Direction {
  if (factor.operation !== 'number') return undefined;
  const size = Math.abs(factor.evaluate());
  if (!(size <= largestFactor && size >= 1 / largestFactor)) return undefined;
  return factor.evaluate() > 0 ? direction : reverse(direction);
}

/** Direction of a lookup at j in a table of at least n elements; else undefined. */
function directionOfTable({ table, operands }: Term, n: number): Direction {
  if (!table || operands.length !== 1 || operands[0].operation !== 'j' || table.data.length < n) return undefined;
  const known = knownDirections(table.data);
  if (!known.has(n)) known.set(n, directionOfData(table.data, n));
  return known.get(n);
}

const knownDirections = memoised((_: ArrayLike<number>) => new Map<number, Direction>());

function directionOfData(data: ArrayLike<number>, n: number): Direction {
  let [rises, falls] = [false, false];
  let last = data[0];
  for (let j = 1; j < n; j++) {
    const value = data[j];
    if (value > last) rises = true;
    else if (value < last) falls = true;
    if (rises && falls) return undefined;
    last = value;
  }
  return falls ? -1 : 1;
}
