import { type CaseArbitrary, caseArbitrary } from '../../generators/case.js';
import { problemOf } from '../../generators/problem.js';
import { drawCase, hashText } from '../../generators/seeds.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import type { SpecLibrary } from '../../spec/library.js';
import { inputsOf, optionalNames } from '../../spec/operator/facts.js';
import type { Problem } from '../../spec/oracle/problem.js';
import type { Case, Distribution, Operator } from '../../spec/types/documents.js';

/** Distributions with which programs that are equal are told from others: no poison, and no score so large that bounds say nothing. */
const distributions: readonly Distribution[] = ['normal', 'integers', 'uniform'];

/** Elements of a case's terms: small, since both forms are interpreted several times. */
const WORK = 4000;

/** Claims of everything that a document defines, in float64. */
export function claimsOfDocument(library: SpecLibrary, operator: Operator): Claims {
  const gradients = Object.entries(inputsOf(operator)).flatMap(([name, { gradient }]) => (gradient ? [name] : []));
  const capabilities = resolveCapabilities(
    {
      dtypes: ['f64'],
      operators: [operator.name],
      masks: [...library.masks.keys()],
      denseMask: 'boolean',
      options: [...Object.keys(operator.options ?? {}), ...optionalNames(operator)],
      outputs: Object.keys(operator.outputs),
      gradients: 'lse' in operator.outputs ? [...gradients, 'dlse'] : gradients,
    },
    `operator ${operator.name}`,
  );
  return Claims.of(library, capabilities);
}

/** Cases of a document, drawn with everything that it has: optional inputs, options, masks. */
export class DocumentCases {
  private readonly arbitrary: CaseArbitrary;

  constructor(
    private readonly claims: Claims,
    private readonly operator: Operator,
  ) {
    this.arbitrary = caseArbitrary(claims, {
      operator: operator.name,
      mask: 'any',
      dtype: 'f64',
      needs: { gradients: true, distributions, work: WORK },
    });
  }

  /** The case of an index, with its context for shrinking. */
  draw(seed: number, index: number) {
    return drawCase(this.arbitrary, hashText(seed + index, this.operator.name));
  }

  /** Smaller cases than a drawn one. */
  smaller(value: ReturnType<DocumentCases['draw']>) {
    return this.arbitrary.shrink(value.value, value.context);
  }

  problemOf(c: Case): Problem {
    return problemOf(this.claims, c, true);
  }
}
