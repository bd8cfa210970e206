import { problemOf } from '../../generators/problem.js';
import type { Claims } from '../../spec/claims/claims.js';
import { givenOutput } from '../../spec/operator/given-output.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../spec/types/documents.js';
import type { FailJudgement, Property } from '../contract/property.js';
import { properties } from '../properties/index.js';
import { judgeCase } from '../properties/lib/judge-case.js';
import { claimsOfDocument, DocumentCases } from './drawn-problems.js';

/** Law that a document's program breaks, with its smallest case. */
export interface BrokenLaw {
  readonly property: string;
  readonly case: Case;
  readonly failure: FailJudgement;
}

/** First law that the oracle's float64 answers break on drawn cases. */
export function brokenLaw(library: SpecLibrary, operator: Operator, count: number, seed = 0): BrokenLaw | undefined {
  const claims = claimsOfDocument(library, operator);
  // laws that need few elements first
  const laws = properties.filter(({ law }) => law).sort((x, y) => sizesOf(x) - sizesOf(y));
  for (const property of laws) {
    if (!property.speaksOf?.(operator)) continue;
    const cases = new DocumentCases(claims, operator, property.needs, `${operator.name} ${property.name}`);
    const found = cases.smallestFailure(seed, count, (c) => failureOn(claims, property, c));
    if (found) return { property: property.name, ...found };
  }
  return undefined;
}

function sizesOf({ needs }: Property): number {
  return Object.keys(needs.limits ?? {}).length;
}

function failureOn(claims: Claims, property: Property, c: Case): FailJudgement | undefined {
  const results = property.calls(c, claims).map((call) => answerOf(claims, call.case));
  const { judgement } = judgeCase(property, { claims, problemOf, expectationOf, undiagnosed: true }, c, results);
  return judgement.status === 'fail' ? judgement : undefined;
}

/** Oracle's outputs, as if from a float64 kernel. */
function answerOf(claims: Claims, c: Case): Tensors {
  const problem = problemOf(claims, c);
  return Object.fromEntries(
    Object.entries(expectationOf(problem, false).outputs).map(([name, output]) => [
      name,
      givenOutput(problem.operator, name, output, c.dims, 'f64'),
    ]),
  );
}
