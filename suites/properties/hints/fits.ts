import type { Expectation } from '../../../spec/oracle/problem.js';
import { type Comparand, compareOutput } from '../compare.js';

/** Every decided element is right, and at least nine tenths are decided. */
export function fits(c: Comparand): boolean {
  const { worst, statistics } = compareOutput(c);
  return !worst && statistics.undecided * 9 <= statistics.elements;
}

/**
 * The answer has a number, and a bound, wherever the dialect does not say NaN: a kernel that gives NaN fits every answer that is NaN, as
 * those of hypotheses that show a poisoned key are.
 */
export function isNumber({ outputs, empty }: Expectation): boolean {
  return Object.values(outputs).every(({ value, bound }) => {
    const rowLength = value.length / empty.length;
    return value.every((x, at) => !Number.isNaN(bound[at]) && (!Number.isNaN(x) || empty[Math.floor(at / rowLength)] === 1));
  });
}
