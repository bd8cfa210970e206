/// <reference lib="dom" />
import type { JsonNumber, Verdict } from '../../../spec/types/documents.js';
import { segmentsOf } from '../../result/result.js';
import type {
  CauseData,
  CheckRow,
  FailureData,
  ImplementationData,
  ImplementationDetails,
  PartName,
  SiteIndex,
  SiteParts,
} from '../site-data.js';
import { notAsked, verdictLetters } from '../verdict-letters.js';
import { loadScript } from './load-script.js';

declare global {
  interface Window {
    /** Defined by data.js. */
    attentionCtsReport?: SiteIndex;
    /** Defined by the files in data/, by name. */
    attentionCtsParts?: Record<string, unknown>;
  }
}

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
  readonly expected: boolean;
  /** True if the check passed although a failure was expected. */
  readonly surprising: boolean;
  readonly class: string;
  readonly reason: string;
  readonly coverage: string;
  readonly errors: readonly OutputErrors[];
}

/** Errors of one output of a check. */
export interface OutputErrors {
  readonly output: string;
  readonly maxOverBound: JsonNumber;
  readonly maxUlp: JsonNumber;
  readonly elements: number;
  /** Number of elements without a finite bound, not counted in `elements`. */
  readonly undecided: number;
  readonly because: string;
}

/** Site data for its pages. */
export class Report {
  readonly names: readonly CheckName[];

  /** @param load returns a part by the name of its file in data/. */
  constructor(
    readonly index: SiteIndex,
    private readonly load: (name: string) => Promise<unknown> = loadedPart,
  ) {
    this.names = index.ids.map(nameOf);
  }

  /** Indices of the implementations that could run. */
  get available(): number[] {
    return this.index.implementations.flatMap(({ unavailable }, i) => (unavailable ? [] : [i]));
  }

  implementation(key: string): number {
    return this.index.implementations.findIndex((i) => i.key === key);
  }

  verdict(implementation: number, check: number): Verdict | undefined {
    return verdictOf.get(this.letter(implementation, check).toLowerCase());
  }

  isExpected(implementation: number, check: number): boolean {
    return this.isNamed(implementation, check) && this.verdict(implementation, check) !== 'pass';
  }

  /** Returns true if the check was expected to fail. */
  private isNamed(implementation: number, check: number): boolean {
    const letter = this.letter(implementation, check);
    return letter !== letter.toLowerCase();
  }

  async part<K extends PartName>(name: K): Promise<SiteParts[K]> {
    return (await this.load(name)) as SiteParts[K];
  }

  async details(implementation: number): Promise<Details> {
    return new Details(this, implementation, (await this.load(`implementation-${implementation}`)) as ImplementationDetails);
  }

  async causes(implementation: number): Promise<CauseData[]> {
    return (await this.part('causes')).filter((cause) => cause.implementation === implementation);
  }

  standing(implementation: number, check: number): Pick<CheckView, 'verdict' | 'expected' | 'surprising'> | undefined {
    const verdict = this.verdict(implementation, check);
    if (!verdict) return undefined;
    const named = this.isNamed(implementation, check);
    return { verdict, expected: named && verdict !== 'pass', surprising: named && verdict === 'pass' };
  }

  private letter(implementation: number, check: number): string {
    return this.index.implementations[implementation].verdicts[check] ?? notAsked;
  }
}

/** Details of one implementation for its pages. */
export class Details {
  /** Index of the row of each check; -1 if it was not judged. */
  private readonly rowAt: Int32Array;
  private readonly failureAt: ReadonlyMap<number, FailureData>;

  constructor(
    private readonly report: Report,
    private readonly implementation: number,
    readonly data: ImplementationDetails,
  ) {
    let row = 0;
    this.rowAt = Int32Array.from(report.index.implementations[implementation].verdicts, (letter) => (letter === notAsked ? -1 : row++));
    this.failureAt = new Map(data.failures.map((failure) => [failure.check, failure]));
  }

  failure(check: number): FailureData | undefined {
    return this.failureAt.get(check);
  }

  check(check: number): CheckView | undefined {
    const at = this.rowAt[check] ?? -1;
    const row: CheckRow | undefined = at < 0 ? undefined : this.data.rows[at];
    const standing = this.report.standing(this.implementation, check);
    if (!row || !standing) return undefined;
    const text = (place: number) => this.data.strings[Number(row[place] ?? 0)] ?? '';
    return {
      ...standing,
      cases: Number(row[0] ?? 0),
      undecided: Number(row[1] ?? 0),
      milliseconds: Number(row[2] ?? 0),
      class: text(3),
      reason: text(4),
      coverage: text(5),
      errors: errorsOf(row, this.data.strings),
    };
  }

  errors(): OutputErrors[] {
    return this.data.rows.flatMap((row) => errorsOf(row, this.data.strings));
  }
}

function errorsOf(row: CheckRow, strings: readonly string[]): OutputErrors[] {
  const text = (place: number) => strings[Number(row[place] ?? 0)] ?? '';
  const errors: OutputErrors[] = [];
  for (let place = 6; place < row.length; place += 6)
    errors.push({
      output: text(place),
      maxOverBound: row[place + 1],
      maxUlp: row[place + 2],
      elements: Number(row[place + 3]),
      undecided: Number(row[place + 4]),
      because: text(place + 5),
    });
  return errors;
}

async function loadedPart(name: string): Promise<unknown> {
  await loadScript(`data/${name}.js`);
  return window.attentionCtsParts?.[name];
}

/** Returns title, version and device, e.g. "tfjs 4.22.0, wasm". */
export function describeImplementation({ title, version, device }: ImplementationData): string {
  return [version === null ? title : `${title} ${version}`, device].join(', ');
}

function nameOf(id: string): CheckName {
  const { operator: form, mask, property, dtype: typed } = segmentsOf(id);
  const [operator, ...features] = form.split('+');
  const [dtype, ...scheme] = typed.split('@');
  return { id, operator, feature: features.join('+'), mask, property, dtype, scheme: scheme.join('@') };
}
