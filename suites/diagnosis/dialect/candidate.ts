import { maskForm, masksOf } from '../../../generators/mask-form.js';
import { problemOf } from '../../../generators/problem.js';
import type { Claims } from '../../../spec/claims/claims.js';
import { type DialectAxis, dialectAxes, type FullDialect } from '../../../spec/dialect.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Expectation, Problem } from '../../../spec/oracle/problem.js';
import type { Case } from '../../../spec/types/documents.js';

/** What a kernel would answer if an axis had this value. */
export interface Candidate {
  readonly value: string;
  readonly problem: Problem;
  readonly expectation: Expectation;
}

/** Who computes what is right. */
export interface Oracle {
  readonly claims: Claims;
  /** Of a case that is sent by the dialect that the capabilities declare. */
  problem(c: Case): Problem;
  evaluate(problem: Problem): Expectation;
}

/** Computes what is right, each problem made once. Cases are told apart by identity. */
export function oracleOf(claims: Claims): Oracle {
  const made = new WeakMap<Case, Problem>();
  const problem = (c: Case) => {
    const known = made.get(c) ?? problemOf(claims, c);
    made.set(c, known);
    return known;
  };
  return { claims, problem, evaluate: (p) => expectationOf(p, false) };
}

/** Every value of an axis on one case, the other axes as in `dialect`. */
export function candidatesOf(oracle: Oracle, c: Case, axis: DialectAxis, dialect: FullDialect): Candidate[] {
  return dialectAxes[axis].map((value) => {
    const problem = problemUnder(oracle, c, { ...dialect, [axis]: value });
    return { value, problem, expectation: oracle.evaluate(problem) };
  });
}

/** The problem that a kernel of this dialect solves when it is sent the case's tensors. */
export function problemUnder(oracle: Oracle, c: Case, dialect: FullDialect): Problem {
  const problem = oracle.problem(c);
  return { ...problem, dialect, mask: maskUnder(oracle, problem, c, dialect) };
}

/** A name leaves the diagonal and the window's ends to the kernel; a dense mask says all, but whether true keeps. */
function maskUnder({ claims }: Oracle, { mask, dialect: sentBy }: Problem, c: Case, dialect: FullDialect) {
  const form = maskForm(claims, c, mask)?.by;
  if (form === 'name') return masksOf(claims.library, { ...c, dialect }).own;
  if (form === 'boolean' && dialect.booleanMask !== sentBy.booleanMask) return masksOf(claims.library, { ...c, mask: { not: c.mask } }).own;
  return mask;
}
