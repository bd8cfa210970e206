import { type CaseArbitrary, caseArbitrary } from '../../generators/case.js';
import { problemOf } from '../../generators/problem.js';
import { drawCase, hashText } from '../../generators/seeds.js';
import type { Claims } from '../../spec/claims/claims.js';
import type { SpecLibrary } from '../../spec/library.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import { type Tensors, tensor } from '../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../spec/types/documents.js';
import { judgeCase } from '../judging/judge-case.js';
import { causal } from '../properties/laws/causal.js';
import { convex } from '../properties/laws/convex.js';
import { linearIn } from '../properties/laws/linear-in.js';
import { permutation } from '../properties/laws/permutation.js';
import { reduces } from '../properties/laws/reduces.js';
import type { FailJudgement, Property } from '../properties/property.js';
import { claimsOfDocument } from './drawn-problems.js';
import { splitDifference, splitLaws } from './state-split.js';

/** The properties that laws of documents are. */
const laws: readonly Property[] = [reduces, causal, linearIn, permutation, convex];

/** A law of a document that its program does not keep, with the smallest case that shows it. */
export interface BrokenLaw {
  readonly property: string;
  readonly case: Case;
  readonly failure: FailJudgement;
}

/**
 * Holds a document's program to its laws on drawn cases: the properties that kernels are asked judge the oracle's own answers, in float64.
 * @returns the first law that does not hold, or undefined.
 */
export function brokenLaw(library: SpecLibrary, operator: Operator, count: number, seed = 0): BrokenLaw | undefined {
  const claims = claimsOfDocument(library, operator);
  for (const property of laws) {
    if (property.unsupported(claims.capabilities, operator) !== undefined) continue;
    const arbitrary = caseArbitrary(claims, {
      operator: operator.name,
      mask: 'any',
      dtype: 'f64',
      needs: { ...property.needs, work: 4000 },
    });
    for (let index = 0; index < count; index++) {
      const drawn = drawCase(arbitrary, hashText(seed + index, `${operator.name} ${property.name}`));
      const failure = failureOn(claims, property, drawn.value);
      if (failure) return { property: property.name, ...smallest(claims, property, arbitrary, drawn, failure) };
    }
  }
  return brokenSplit(library, operator, count, seed);
}

function brokenSplit(library: SpecLibrary, operator: Operator, count: number, seed: number): BrokenLaw | undefined {
  const laws = splitLaws(operator);
  if (laws.length === 0) return undefined;
  const claims = claimsOfDocument(library, operator);
  const arbitrary = caseArbitrary(claims, {
    operator: operator.name,
    mask: 'any',
    dtype: 'f64',
    needs: { distributions: ['normal'], work: 4000 },
  });
  for (let index = 0; index < count; index++) {
    const { value: c } = drawCase(arbitrary, hashText(seed + index, `${operator.name} state-split`));
    for (const law of laws) {
      const difference = splitDifference(claims, operator, c, law);
      if (!difference) continue;
      const { output, whole, parts } = difference;
      const message = `${output}, cut along ${law.split}, is ${parts} in two runs, and ${whole} in one`;
      return { property: 'state-split', case: c, failure: { status: 'fail', class: 'law', output, message } };
    }
  }
  return undefined;
}

function smallest(
  claims: Claims,
  property: Property,
  arbitrary: CaseArbitrary,
  drawn: ReturnType<typeof drawCase<Case>>,
  failure: FailJudgement,
): Omit<BrokenLaw, 'property'> {
  let best = { case: drawn, failure };
  for (let smaller = true; smaller; ) {
    smaller = false;
    for (const candidate of arbitrary.shrink(best.case.value, best.case.context)) {
      const found = failureOn(claims, property, candidate.value);
      if (!found) continue;
      best = { case: candidate, failure: found };
      smaller = true;
      break;
    }
  }
  return { case: best.case.value, failure: best.failure };
}

function failureOn(claims: Claims, property: Property, c: Case): FailJudgement | undefined {
  const results = property.calls(c, claims).map((call) => answerOf(claims, call.case));
  const { judgement } = judgeCase(property, { claims, problemOf, expectationOf, undiagnosed: true }, c, results);
  return judgement.status === 'fail' ? judgement : undefined;
}

/** The oracle's outputs as if a kernel in float64 gave them. */
function answerOf(claims: Claims, c: Case): Tensors {
  const { outputs } = expectationOf(problemOf(claims, c), false);
  return Object.fromEntries(Object.entries(outputs).map(([name, { shape, value }]) => [name, tensor('f64', [...shape], value)]));
}
