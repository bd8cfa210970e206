import type { Expectation } from '../../../spec/oracle/problem.js';
import { compareOutput } from '../../judging/compare.js';
import type { Comparand } from '../../judging/compared.js';

/** Every decided element is right, and so large a share is decided: nine tenths where nothing is said. */
export function fits(c: Comparand, share = 0.9): boolean {
  const { worst, statistics } = compareOutput(c);
  return !worst && statistics.elements >= share * (statistics.elements + statistics.undecided);
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
