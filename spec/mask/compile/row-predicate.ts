import type { Term } from '../../expression/term.js';
import { comparison } from './comparison.js';
import { type Frame, reads } from './frame.js';
import { intersectRuns, invertRuns, oneRun, type RowPredicate, uniteRuns } from './run-list.js';

/** Row form of a boolean term: run-list algebra over its comparisons. */
export function rowPredicate(term: Term, frame: Frame, n: number): RowPredicate {
  if ((term.reads & reads.j) === 0) return uniform(term.reads, () => term.evaluate() !== 0, n);
  const operands = () => term.operands.map((operand) => rowPredicate(operand, frame, n));
  switch (term.operation) {
    case 'and':
      return every(operands(), n);
    case 'or':
      return some(operands(), n);
    case 'not':
      return negation(operands()[0], n);
    default:
      return comparison(term, frame, n);
  }
}

function uniform(dependsOn: number, test: () => boolean, n: number): RowPredicate {
  return { reads: dependsOn, test, scans: () => false, runs: (out) => oneRun(out, 0, test() ? n : 0, n) };
}

export function every(operands: readonly RowPredicate[], n: number): RowPredicate {
  return fold(operands, n, false, intersectRuns);
}

export function some(operands: readonly RowPredicate[], n: number): RowPredicate {
  return fold(operands, n, true, uniteRuns);
}

/** Conjunction or disjunction: an operand with the `decisive` answer settles the whole. */
function fold(operands: readonly RowPredicate[], n: number, decisive: boolean, combine: typeof uniteRuns): RowPredicate {
  const open = operands.filter((p) => p.reads !== 0);
  if (open.length < operands.length && operands.some((p) => p.reads === 0 && p.test() === decisive)) return uniform(0, () => decisive, n);
  if (open.length === 0) return uniform(0, () => !decisive, n);
  if (open.length === 1) return open[0];
  const ordered = [...open.filter((p) => !(p.reads & reads.j)), ...open.filter((p) => p.reads & reads.j)];
  const other = new Int32Array(n + 2);
  const spare = new Int32Array(n + 2);
  return {
    reads: readsOf(ordered),
    test: () => ordered.some((p) => p.test() === decisive) === decisive,
    scans: () => ordered.some((p) => p.scans()),
    runs(out) {
      let count = ordered[0].runs(out);
      for (let x = 1; x < ordered.length; x++) {
        if (decisive ? count === 1 && out[0] === 0 && out[1] === n : count === 0) break;
        count = combine(out, count, other, ordered[x].runs(other), spare);
      }
      return count;
    },
  };
}

export function negation(operand: RowPredicate, n: number): RowPredicate {
  if (!(operand.reads & reads.j)) return uniform(operand.reads, () => !operand.test(), n);
  const inner = new Int32Array(n + 2);
  return {
    reads: operand.reads,
    test: () => !operand.test(),
    scans: () => operand.scans(),
    runs: (out) => invertRuns(inner, operand.runs(inner), n, out),
  };
}

/** Query head h has predicate h mod count. */
export function perHead(operands: readonly RowPredicate[], frame: Frame): RowPredicate {
  if (operands.length === 1) return operands[0];
  const ofHead = () => operands[frame.h % operands.length];
  return {
    reads: readsOf(operands) | reads.h,
    test: () => ofHead().test(),
    scans: () => operands.some((p) => p.scans()),
    runs: (out) => ofHead().runs(out),
  };
}

function readsOf(operands: readonly RowPredicate[]): number {
  return operands.reduce((all, p) => all | p.reads, 0);
}
