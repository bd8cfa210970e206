import type { Feature } from '../../../generators/lib/needs.js';
import { Undrawable } from '../../../generators/lib/undrawable.js';
import { simplest } from '../../../generators/whole/flat-table.js';
import { caseSpace } from '../../../generators/whole/space.js';
import { toCase } from '../../../generators/whole/to-case.js';
import { excludedBy } from '../../../spec/claims/capabilities.js';
import type { Claims } from '../../../spec/claims/claims.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Case, Distribution, DType } from '../../../spec/types/documents.js';

/** A case that would tell the values of an axis apart; sizes and parameters give way to what is claimed. */
export interface Wish {
  /** An option, and a place among the claimed operators that have it; absent: plain softmax attention, whose conventions most axes are of. */
  readonly option?: { readonly name: string; readonly place: number };
  readonly mask: string;
  readonly feature?: Feature;
  /** Options that the case has together, each with its first value; in place of a feature. */
  readonly together?: readonly string[];
  readonly distribution: Distribution;
  /** Over the sizes and parameters that every wish has. */
  readonly flat?: Readonly<Record<string, number>>;
}

/**
 * Sizes: every key has a column of v, and there are few. Parameters, of whichever mask it is: a window of two keys before and none after;
 * documents of 3 keys and the rest; padding on the right.
 */
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

/** Multiply-adds of the largest wish, some 256 queries and keys of two batch entries and two heads, and of no case beyond it. */
const MOST_WORK = 1e7;

function operatorOf(claims: Claims, { option }: Wish): string | undefined {
  if (option === undefined) return plainOperator.name;
  return claims.capabilities.operators.filter((name) => claims.operator(name)?.options?.[option.name])[option.place];
}

/** The case of a wish, within the claims, or why there is none. */
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
    // a mask's parameters may not fit the sizes that are left
    if (error instanceof Undrawable || error instanceof DocumentError) return error.message;
    throw error;
  }
}
