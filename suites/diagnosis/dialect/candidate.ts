import { problemOf } from '../../../generators/problem.js';
import { maskForm, masksOf } from '../../../generators/whole/mask-form.js';
import type { Claims } from '../../../spec/claims/claims.js';
import { type DialectAxis, dialectAxes, type FullDialect } from '../../../spec/dialect.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import type { Case } from '../../../spec/types/documents.js';

/** Expected answer of a kernel if an axis of its dialect had this value. */
export interface Candidate {
  readonly value: string;
  readonly problem: Problem;
  readonly expectation: Expectation;
}

/** Computes expected answers. */
export interface Oracle {
  readonly claims: Claims;
  /** Problem of a case, with tensors made for the declared dialect. */
  problem(c: Case): Problem;
  evaluate(problem: Problem): Expectation;
}

/** Makes an oracle that caches problems by the identity of their case. */
export function oracleOf(claims: Claims): Oracle {
  const made = new WeakMap<Case, Problem>();
  const problem = (c: Case) => {
    const known = made.get(c) ?? problemOf(claims, c);
    made.set(c, known);
    return known;
  };
  return { claims, problem, evaluate: (p) => expectationOf(p, false) };
}

/** Candidates for every value of an axis on one case, with the other axes as in `dialect`. */
export function candidatesOf(oracle: Oracle, c: Case, axis: DialectAxis, dialect: FullDialect): Candidate[] {
  return dialectAxes[axis].map((value) => {
    const problem = problemUnder(oracle, c, { ...dialect, [axis]: value });
    return { value, problem, expectation: oracle.evaluate(problem) };
  });
}

/** Problem that a kernel of this dialect solves when it is given the case's tensors. */
export function problemUnder(oracle: Oracle, c: Case, dialect: FullDialect): Problem {
  const problem = oracle.problem(c);
  return { ...problem, dialect, mask: maskUnder(oracle, problem, c, dialect) };
}

function maskUnder({ claims }: Oracle, { mask, dialect: sentBy }: Problem, c: Case, dialect: FullDialect) {
  const form = maskForm(claims, c, mask)?.by;
  if (form === 'name') return masksOf(claims.library, { ...c, dialect }).own;
  if (form === 'boolean' && dialect.booleanMask !== sentBy.booleanMask) return masksOf(claims.library, { ...c, mask: { not: c.mask } }).own;
  return mask;
}
