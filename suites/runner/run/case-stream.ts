import type { Arbitrary, Value } from 'fast-check';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { longInputs } from '../../../generators/values/long-inputs.js';
import type { CaseArbitrary } from '../../../generators/whole/case.js';
import { excludedBy } from '../../../spec/claims/capabilities.js';
import type { Claims } from '../../../spec/claims/claims.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import type { CallSpec, Property } from '../../contract/property.js';

/** A case drawn for a check, with the calls it takes. */
export interface DrawnCase {
  readonly index: number;
  readonly attempt: number;
  /** With the context by which it shrinks. */
  readonly value: Value<Case>;
  readonly calls: readonly CallSpec[];
}

/** How often a case is drawn again before its place is given up: where it had no verdict, and where its call is not claimed. */
const undecidedAttempts = 8;
const excludedAttempts = 64;

/** How often it is drawn of any size; then it is small. */
const largeAttempts = 4;

/** Keys that every second case over a long sequence has at least, where a few attempts give such a case: half of them weigh more together than f16 holds. */
const FAR = 2 ** 17;
const farAttempts = 12;

/** The calls of a case; undefined where one of them is not claimed, and so is never made. */
export function claimedCalls(property: Property, c: Case, claims: Claims): CallSpec[] | undefined {
  const calls = property.calls(c, claims);
  return calls.some((call) => excludedBy(claims.capabilities, call.case, call.command === 'backward')) ? undefined : calls;
}

/** Other arbitraries than the usual one of a check. */
interface OtherCases {
  /** Of the places from `from` on, one each. */
  readonly from: number;
  readonly arbitraries: readonly Arbitrary<Case>[];
  /** Of a place that had no verdict several times. */
  readonly small?: Arbitrary<Case>;
}

/** The places of a check's cases that have sizes of floors, its last ones, and the small cases that take the places of undecided ones. */
export function otherCases(arbitrary: CaseArbitrary, { cases, floors = 0 }: Pick<Check, 'cases' | 'floors'>): OtherCases {
  return { from: cases - floors, arbitraries: arbitrary.atFloors().slice(0, floors), small: arbitrary.small() };
}

/** Draws the cases of a check: the index-th depends on nothing but the check's seed, its index and the attempt. */
export class CaseStream {
  /** Next attempt of each index. */
  private readonly attempts = new Map<number, number>();
  /** Attempts that were made and came to no verdict. */
  private readonly spent = new Map<number, number>();
  /** Number of keys from which a case of a long sequence does not fit into memory. */
  private tooLong = Infinity;

  constructor(
    private readonly arbitrary: Arbitrary<Case>,
    private readonly seed: number,
    private readonly property: Property,
    private readonly claims: Claims,
    private readonly others: OtherCases = { from: 0, arbitraries: [] },
  ) {}

  /** Notes that a case did not fit into memory. @returns whether it is of a long sequence: the cases that are drawn from now on are shorter then. */
  leaveOut({ values, dims }: Case): boolean {
    const isLong = longInputs[values.distribution] !== undefined;
    if (isLong) this.tooLong = Math.min(this.tooLong, dims.n);
    return isLong;
  }

  /** The next attempt at an index; undefined where it is given up. */
  draw(index: number): DrawnCase | undefined {
    const spent = this.spent.get(index) ?? 0;
    if (spent >= undecidedAttempts) return undefined;
    this.spent.set(index, spent + 1);
    const first = this.attempts.get(index) ?? 0;
    const least = this.property.needs.targeted && index % 2 === 1 ? FAR : 0;
    let shorter: DrawnCase | undefined;
    for (let attempt = first; attempt < first + excludedAttempts; attempt++) {
      const drawn = this.attempt(index, attempt);
      this.attempts.set(index, attempt + 1);
      if (drawn && drawn.value.value.dims.n >= least) return drawn;
      shorter ??= drawn;
      if (shorter && attempt + 1 >= first + farAttempts) break;
    }
    return shorter;
  }

  private attempt(index: number, attempt: number): DrawnCase | undefined {
    const small = (this.spent.get(index) as number) > largeAttempts ? this.others.small : undefined;
    const arbitrary = small ?? this.others.arbitraries[index - this.others.from] ?? this.arbitrary;
    const value = drawCase(arbitrary, caseSeed(this.seed, index, attempt));
    if (value.value.dims.n >= this.tooLong) return undefined;
    const calls = claimedCalls(this.property, value.value, this.claims);
    return calls && { index, attempt, value, calls };
  }
}
