import type { CaseNeeds } from '../../generators/lib/needs.js';
import { drawCase, hashText } from '../../generators/lib/seeds.js';
import { type CaseArbitrary, caseArbitrary } from '../../generators/whole/case.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { wholeDocuments } from '../../spec/claims/whole-documents.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Operator } from '../../spec/types/documents.js';

/** Most multiply-adds of a case, as programs are interpreted repeatedly. */
const WORK = 4000;

/** Claims of everything that a document defines, in float64. */
export function claimsOfDocument(library: SpecLibrary, operator: Operator): Claims {
  const capabilities = resolveCapabilities(
    { ...wholeDocuments([operator]), dtypes: ['f64'], masks: [...library.masks.keys()], denseMask: 'boolean' },
    `operator ${operator.name}`,
  );
  return Claims.of(library, capabilities);
}

/** Cases of a document with all its optional inputs, options and masks. */
export class DocumentCases {
  private readonly arbitrary: CaseArbitrary;

  /** @param about text that seeds the cases. */
  constructor(
    claims: Claims,
    operator: Operator,
    needs: CaseNeeds,
    private readonly about = operator.name,
  ) {
    this.arbitrary = caseArbitrary(claims, { operator: operator.name, mask: 'any', dtype: 'f64', needs: { ...needs, work: WORK } });
  }

  /** Tries `count` cases and shrinks the first failure; undefined if no case fails. */
  smallestFailure<T>(
    seed: number,
    count: number,
    fails: (c: Case) => T | undefined,
  ): { readonly case: Case; readonly failure: T } | undefined {
    for (let index = 0; index < count; index++) {
      const drawn = this.draw(seed, index);
      const failure = fails(drawn.value);
      if (failure !== undefined) return this.shrunk(drawn, failure, fails);
    }
    return undefined;
  }

  draw(seed: number, index: number) {
    return drawCase(this.arbitrary, hashText(seed + index, this.about));
  }

  private shrunk<T>(drawn: ReturnType<DocumentCases['draw']>, failure: T, fails: (c: Case) => T | undefined): { case: Case; failure: T } {
    for (const candidate of this.arbitrary.shrink(drawn.value, drawn.context)) {
      const smaller = fails(candidate.value);
      if (smaller !== undefined) return this.shrunk(candidate, smaller, fails);
    }
    return { case: drawn.value, failure };
  }
}
