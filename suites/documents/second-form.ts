import { problemOf } from '../../generators/problem.js';
import { secondForm } from '../../spec/operator/facts.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import type { Expected, Problem } from '../../spec/problem.js';
import { interpret } from '../../spec/program/interpret.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Distribution, Operator } from '../../spec/types/documents.js';
import { claimsOfDocument, DocumentCases } from './drawn-problems.js';

/** Distributions without poison or very large scores, for which bounds are too wide. */
const telling: readonly Distribution[] = ['normal', 'integers', 'uniform'];

/** Case, and element, on which two forms differ. */
export interface Disagreement {
  readonly case: Case;
  readonly output: string;
  readonly index: number;
  readonly first: number;
  readonly second: number;
  /** Sum of both bounds. */
  readonly bound: number;
}

interface Comparison {
  readonly disagreement?: Disagreement;
  /** Elements within both bounds. */
  readonly elements: number;
  readonly undecided: number;
}

/** Compares both forms, outputs and gradients, on drawn cases; undefined without a second. */
export function compareForms(library: SpecLibrary, operator: Operator, count: number, seed = 0): Comparison | undefined {
  const second = secondForm(operator);
  return second && compareWith(library, operator, (problem) => ({ ...problem, operator: second }), count, seed);
}

/** Compares an operator with another computation, for which `other` makes the problem. */
export function compareWith(
  library: SpecLibrary,
  operator: Operator,
  other: (problem: Problem) => Problem,
  count: number,
  seed = 0,
): Comparison {
  const claims = claimsOfDocument(library, operator);
  const cases = new DocumentCases(claims, operator, { gradients: true, distributions: telling });
  const total = { elements: 0, undecided: 0 };
  const found = cases.smallestFailure(seed, count, (c) => compare(problemOf(claims, c, true), other, total));
  return found ? { disagreement: { ...found.failure, case: found.case }, ...total } : total;
}

function compare(
  problem: Problem,
  another: (problem: Problem) => Problem,
  total: { elements: number; undecided: number },
): Omit<Disagreement, 'case'> | undefined {
  for (const gradients of [false, true]) {
    const expected = expectationOf(problem, gradients).outputs;
    const other = interpret(another(problem), gradients).outputs;
    for (const [output, first] of Object.entries(expected)) {
      const at = firstDifference(first, other[output], total);
      if (at === undefined) continue;
      return {
        output,
        index: at,
        first: first.value[at],
        second: other[output].value[at],
        bound: first.bound[at] + other[output].bound[at],
      };
    }
  }
  return undefined;
}

function firstDifference(x: Expected, y: Expected, total: { elements: number; undecided: number }): number | undefined {
  for (let at = 0; at < x.value.length; at++) {
    const bound = x.bound[at] + y.bound[at];
    if (!Number.isFinite(bound)) total.undecided++;
    else {
      total.elements++;
      if (!Object.is(x.value[at], y.value[at]) && !(Math.abs(x.value[at] - y.value[at]) <= bound)) return at;
    }
  }
  return undefined;
}
