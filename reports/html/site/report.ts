import type { JsonNumber, Verdict } from '../../../spec/types/documents.js';
import { segmentsOf } from '../../result/result.js';
import type { CheckRow, FailureData, ImplementationData, SiteData } from '../site-data.js';
import { notAsked, verdictLetters } from '../verdict-letters.js';

const verdictOf = new Map(Object.entries(verdictLetters).map(([verdict, letter]) => [letter, verdict as Verdict]));

/** Id of a check and its parts. */
export interface CheckName {
  readonly id: string;
  readonly operator: string;
  readonly feature: string;
  readonly mask: string;
  readonly property: string;
  readonly dtype: string;
  readonly scheme: string;
}

/** Result of a check on an implementation. */
export interface CheckView {
  readonly verdict: Verdict;
  readonly cases: number;
  readonly undecided: number;
  readonly milliseconds: number;
  /** True if the failure was expected. */
  readonly expected: boolean;
  /** True if the check passed although a failure was expected. */
  readonly surprising: boolean;
  readonly class: string;
  readonly reason: string;
  readonly coverage: string;
  readonly errors: readonly {
    readonly output: string;
    readonly maxOverBound: JsonNumber;
    readonly maxUlp: JsonNumber;
    readonly elements: number;
    /** Number of elements without a finite bound, not counted in `elements`. */
    readonly undecided: number;
  }[];
}

/** Data of the site as its pages read them. */
export class Report {
  readonly names: readonly CheckName[];
  /** Index of the row of each id, for each implementation; -1 if the check was not asked. */
  private readonly rows: readonly Int32Array[];
  private readonly failureAt: ReadonlyMap<string, FailureData>;

  constructor(readonly data: SiteData) {
    this.names = data.ids.map(nameOf);
    this.rows = data.implementations.map(({ verdicts }) => {
      let row = 0;
      return Int32Array.from(verdicts, (letter) => (letter === notAsked ? -1 : row++));
    });
    this.failureAt = new Map(data.failures.map((f) => [`${f.implementation} ${f.check}`, f]));
  }

  /** Indices of the implementations that the machine of the run could run. */
  get available(): number[] {
    return this.data.implementations.flatMap(({ unavailable }, i) => (unavailable ? [] : [i]));
  }

  implementation(key: string): number {
    return this.data.implementations.findIndex((i) => i.key === key);
  }

  verdict(implementation: number, check: number): Verdict | undefined {
    return verdictOf.get(this.data.implementations[implementation].verdicts[check]);
  }

  /** True if the failure of a check was expected. */
  isExpected(implementation: number, check: number): boolean {
    return this.row(implementation, check)?.[3] === 1;
  }

  failure(implementation: number, check: number): FailureData | undefined {
    return this.failureAt.get(`${implementation} ${check}`);
  }

  check(implementation: number, check: number): CheckView | undefined {
    const row = this.row(implementation, check);
    const verdict = this.verdict(implementation, check);
    if (!row || !verdict) return undefined;
    const text = (at: number) => this.data.strings[Number(row[at] ?? 0)] ?? '';
    const errors = [];
    for (let at = 7; at < row.length; at += 5) {
      const [elements, undecided] = [Number(row[at + 3]), Number(row[at + 4])];
      errors.push({ output: text(at), maxOverBound: row[at + 1], maxUlp: row[at + 2], elements, undecided });
    }
    return {
      verdict,
      cases: Number(row[0] ?? 0),
      undecided: Number(row[1] ?? 0),
      milliseconds: Number(row[2] ?? 0),
      expected: row[3] === 1,
      surprising: row[3] === 2 && verdict === 'pass',
      class: text(4),
      reason: text(5),
      coverage: text(6),
      errors,
    };
  }

  private row(implementation: number, check: number): CheckRow | undefined {
    const at = this.rows[implementation]?.[check] ?? -1;
    return at < 0 ? undefined : this.data.implementations[implementation].rows[at];
  }
}

/** Title, version and device of an implementation, such as "tfjs 4.22.0, wasm". */
export function describeImplementation({ title, version, device }: ImplementationData): string {
  return [version === null ? title : `${title} ${version}`, device].join(', ');
}

function nameOf(id: string): CheckName {
  const { operator: form, mask, property, dtype: typed } = segmentsOf(id);
  const [operator, ...features] = form.split('+');
  const [dtype, ...scheme] = typed.split('@');
  return { id, operator, feature: features.join('+'), mask, property, dtype, scheme: scheme.join('@') };
}
