import type { Arbitrary, Value } from 'fast-check';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { longInputs } from '../../../generators/values/long-inputs.js';
import type { CaseArbitrary } from '../../../generators/whole/case.js';
import type { Claims } from '../../../spec/claims/claims.js';
import { excludedBy } from '../../../spec/claims/excluded.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import type { CallSpec, Property } from '../../contract/property.js';

/** A case drawn for a check, with its calls. */
export interface DrawnCase {
  readonly index: number;
  readonly attempt: number;
  readonly value: Value<Case>;
  readonly calls: readonly CallSpec[];
}

/** Most attempts per index: for cases without a verdict, and for cases with unclaimed calls. */
const undecidedAttempts = 8;
const excludedAttempts = 64;

const largeAttempts = 4;

/** Least keys of every second long case, if found soon: half of it exceeds f16's maximum, 65504. */
const FAR = 2 ** 17;
const farAttempts = 12;

/** Returns the calls of a case; undefined if one is not claimed. */
export function claimedCalls(property: Property, c: Case, claims: Claims): CallSpec[] | undefined {
  const calls = property.calls(c, claims);
  return calls.some((call) => excludedBy(claims.capabilities, call.case, call.command === 'backward')) ? undefined : calls;
}

interface OtherCases {
  readonly from: number;
  readonly arbitraries: readonly Arbitrary<Case>[];
  readonly small?: Arbitrary<Case>;
}

/** Arbitraries for the last cases (sizes of floors), and for undecided ones (small). */
export function otherCases(arbitrary: CaseArbitrary, { cases, floors }: Pick<Check, 'cases' | 'floors'>): OtherCases {
  return { from: cases - floors, arbitraries: arbitrary.atFloors().slice(0, floors), small: arbitrary.small() };
}

/** Draws a check's cases as a function of its seed, the index and the attempt. */
export class CaseStream {
  private readonly attempts = new Map<number, number>();
  /** Number of attempts without a verdict, by index. */
  private readonly spent = new Map<number, number>();
  private tooLong = Infinity;

  constructor(
    private readonly arbitrary: Arbitrary<Case>,
    private readonly seed: number,
    private readonly property: Property,
    private readonly claims: Claims,
    private readonly others: OtherCases = { from: 0, arbitraries: [] },
  ) {}

  /** Notes that a case exceeded memory; later long cases are shorter. @returns true if long. */
  leaveOut({ values, dims }: Case): boolean {
    const isLong = longInputs[values.distribution] !== undefined;
    if (isLong) this.tooLong = Math.min(this.tooLong, dims.n);
    return isLong;
  }

  /** Draws the next attempt at an index; undefined after too many attempts. */
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
