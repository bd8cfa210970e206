import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../../generators/problem.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { wholeDocuments } from '../../../../spec/claims/whole-documents.js';
import { createLibrary } from '../../../../spec/library.js';
import { expectationOf } from '../../../../spec/oracle/oracle.js';
import { tensor } from '../../../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../../../spec/types/documents.js';
import { DocumentCases } from '../../../../suites/documents/drawn-problems.js';
import { oracle } from '../../../../suites/properties/kernel/oracle.js';
import { judgeCase } from '../../../../suites/properties/lib/judge-case.js';

const library = createLibrary();

/** Claims of a kernel in float64 that takes no option. */
function claimsOf(operator: Operator, fixed: Record<string, number>): Claims {
  const capabilities = { ...wholeDocuments([operator]), options: [], fixed, dtypes: ['f64' as const] };
  return Claims.of(library, resolveCapabilities(capabilities, 'a kernel'));
}

/** Judges a kernel that counts what two slots name once (0) or twice (1), on drawn cases. */
function judged(name: string, duplicates: number, fixed: Record<string, number> = {}) {
  const operator = library.operators.get(name) as Operator;
  const claims = claimsOf(operator, fixed);
  const cases = new DocumentCases(claims, operator, { distributions: ['normal'] });
  return Array.from({ length: 12 }, (_, index) => {
    const { value: c } = cases.draw(0, index);
    const results = oracle.calls(c, claims).map((call) => answerOf(claims, call.case, duplicates));
    return judgeCase(oracle, { claims, problemOf, expectationOf }, c, results).judgement;
  });
}

function answerOf(claims: Claims, c: Case, duplicates: number) {
  const problem = problemOf(claims, c);
  const own = { ...problem, case: { ...problem.case, options: { ...problem.case.options, duplicates } } };
  const { outputs } = expectationOf(own, false);
  return Object.fromEntries(Object.entries(outputs).map(([output, { value, shape }]) => [output, tensor('f64', [...shape], value)]));
}

describe.each([
  ['gathered', 1, 0],
  ['block-lists', 0, 1],
])('slots of %s that name the same', (name, usual, other) => {
  it('are met by no kernel whose claims leave open what they count: it may demand distinct ones', () => {
    for (const counted of [usual, other]) expect(judged(name, counted).filter(({ status }) => status !== 'pass')).toEqual([]);
  });

  it('are told where a kernel counts them otherwise than it declares, with how to declare it', () => {
    const hints = judged(name, other, { duplicates: usual }).flatMap((judgement) => (judgement.status === 'fail' ? [judgement.hint] : []));
    expect(hints.length).toBeGreaterThan(0);
    expect(new Set(hints)).toEqual(
      new Set([
        `the output matches duplicates = ${other}: if this is intended, declare it with "fixed": { "duplicates": ${other} } in its capabilities`,
      ]),
    );
  });

  it('count as the kernel declares', () => {
    expect(judged(name, other, { duplicates: other }).filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(judged(name, usual, { duplicates: other }).some(({ status }) => status === 'fail')).toBe(true);
  });
});
