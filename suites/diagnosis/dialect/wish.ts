import type { Feature } from '../../../generators/lib/needs.js';
import { Undrawable } from '../../../generators/lib/undrawable.js';
import { simplest } from '../../../generators/whole/flat-table.js';
import { caseSpace } from '../../../generators/whole/space.js';
import { toCase } from '../../../generators/whole/to-case.js';
import type { Claims } from '../../../spec/claims/claims.js';
import { excludedBy } from '../../../spec/claims/excluded.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Case, Distribution, DType } from '../../../spec/types/documents.js';

/** Case that would tell values of an axis apart; sizes and parameters give way to claims. */
export interface Wish {
  /** Option, and index into the claimed operators that have it. Absent: plain softmax attention. */
  readonly option?: { readonly name: string; readonly place: number };
  readonly mask: string;
  readonly feature?: Feature;
  readonly together?: readonly string[];
  readonly distribution: Distribution;
  readonly flat?: Readonly<Record<string, number>>;
}

/** Few keys, each with a column of v. Window: 2 keys before, 0 after. Documents: 3, the rest. */
const usual: Readonly<Record<string, number>> = {
  hk: 2,
  n: 6,
  m: 6,
  d: 8,
  e: 8,
  documents: 1,
  document0: 3,
  keys0: 4,
  keys1: 3,
  'parameter0.0': 3,
  'parameter0.1': 1,
  'parameter0.2': 1,
};

const MOST_WORK = 1e7;

function operatorOf(claims: Claims, { option }: Wish): string | undefined {
  if (option === undefined) return plainOperator.name;
  return claims.capabilities.operators.filter((name) => claims.operator(name)?.options?.[option.name])[option.place];
}

/** Case of a wish within the claims, or a reason. */
export function caseFor(claims: Claims, dtype: DType, wish: Wish): Case | string {
  const { capabilities } = claims;
  const { mask, together = [], feature = together.length > 0 ? 'all' : undefined, distribution, flat } = wish;
  const operator = operatorOf(claims, wish);
  if (operator === undefined) return `no operator with the option ${wish.option?.name} is claimed`;
  if (!capabilities.operators.includes(operator)) return `operator ${operator} is not claimed`;
  try {
    const needs = { distributions: [distribution], work: MOST_WORK };
    const space = caseSpace(claims, { operator, ...(feature && { feature }), mask, dtype, needs });
    const given: Record<string, number> = {};
    for (const name of together) {
      const place = space.options.findIndex((rule) => rule.name === name);
      if (place < 0) return `option ${name} is not claimed`;
      given[`option${place}`] = 1;
    }
    const c = toCase(space, { ...simplest, ...usual, ...given, ...flat });
    const entry = excludedBy(capabilities, c, false);
    return entry ? `excluded by its capabilities: ${JSON.stringify(entry)}` : c;
  } catch (error) {
    if (error instanceof Undrawable || error instanceof DocumentError) return error.message;
    throw error;
  }
}
