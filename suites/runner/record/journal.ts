import { createHash } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { checkDocument } from '../../../spec/documents.js';
import { requireDepth } from '../../../spec/json.js';
import type { CheckResult, Result, Speed } from '../../../spec/types/documents.js';
import { forFlag, naming, readTextFor, writeFor } from '../../files.js';
import { UsageError } from '../../usage-error.js';
import { writeAside } from '../../write-aside.js';

/** First line of a journal: what must be equal for a run to be resumed. */
export interface JournalHeader {
  readonly format: 1;
  readonly plan: string;
  /** Which part of the plan, and the hash of the cost table that divided it; null: all of it. */
  readonly shard: { readonly label: string; readonly costs: string | null } | null;
  readonly seed: number;
  readonly suite: string;
  readonly spec: Readonly<Record<string, string>>;
  /** The class of each adapter's speed, by which a resumed run draws. The plan's hash covers it. */
  readonly speeds?: Readonly<Record<string, Speed>>;
  readonly started: string;
}

/** The results that a run had written when it ended, with the header it wrote them under. */
export interface JournalState {
  readonly header: JournalHeader;
  readonly checks: CheckResult[];
}

/** Every finished check, written before the next one begins: what a killed run has found is not lost. */
export class Journal {
  private constructor(private readonly path: string) {}

  /** A new journal, in the place of an older one. */
  static create(path: string, header: JournalHeader): Journal {
    writeFor('--out', path, line(header));
    return new Journal(path);
  }

  /** Goes on with a journal: the torn tail and unfinished checks are dropped. */
  static continue(path: string, state: JournalState): Journal {
    // aside and renamed: killed here, the old journal is whole
    writeAside('--out', path, [line(state.header), ...state.checks.map(finished)].join(''));
    return new Journal(path);
  }

  begin(adapter: string, check: string): void {
    this.append(line({ begin: { adapter, id: check } }));
  }

  finish(check: CheckResult): void {
    this.append(finished(check));
  }

  private append(text: string): void {
    forFlag('--out', () => naming(this.path, () => appendFileSync(this.path, text)));
  }
}

/**
 * What a journal holds; undefined where there is none. Lines from the first torn one on are dropped.
 * @throws {UsageError} where it belongs to another plan. @throws {DocumentError} where a line is whole but malformed.
 */
export function readJournal(path: string, expected: JournalHeader): JournalState | undefined {
  if (!existsSync(path)) return undefined;
  const [first, ...rest] = wholeLines(readTextFor('--out', path));
  if (first === undefined) return undefined;
  const header = parse(first, `${path}, line 1`) as Partial<JournalHeader> | undefined;
  if (header?.format !== 1 || typeof header.started !== 'string') throw new UsageError(`--resume: ${path} is not a journal`);
  for (const key of ['suite', 'seed', 'plan', 'shard', 'spec'] as const) {
    const [found, wanted] = [JSON.stringify(header[key]), JSON.stringify(expected[key])];
    if (found !== wanted) {
      const what = {
        suite: 'another version of attention-cts',
        seed: 'another seed',
        plan: 'another plan',
        shard: 'another --shard',
        spec: 'other spec documents',
      }[key];
      throw new UsageError(`--resume: ${path} was written under ${what} (${found}, now ${wanted}); run without --resume to start anew`);
    }
  }
  const checks: CheckResult[] = [];
  for (const [i, text] of rest.entries()) {
    const entry = parse(text, `${path}, line ${i + 2}`);
    if (!entry) break;
    if (!('check' in entry)) continue;
    if (entry.checksum !== checksum(entry.check)) break;
    checks.push(entry.check as CheckResult);
  }
  checkChecks(checks, path);
  return { header: header as JournalHeader, checks };
}

/** The checks enter as JSON: they are held to the schema of the result that they become part of. */
function checkChecks(checks: CheckResult[], path: string): void {
  const result: Result = {
    format: 1,
    suite: '',
    spec: {},
    seed: 0,
    plan: { hash: '', runs: 1, shard: null },
    started: '',
    adapters: [],
    checks,
    profiles: [],
    complete: false,
  };
  checkDocument('result', result, path);
}

function wholeLines(text: string): string[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
}

/** Parses a line; undefined where it is torn. @throws {DocumentError} where it is whole, and nested too deep. */
function parse(text: string, document: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  requireDepth(value, document);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

function finished(check: CheckResult): string {
  return line({ check, checksum: checksum(check) });
}

function checksum(check: unknown): string {
  return createHash('sha256').update(JSON.stringify(check)).digest('hex').slice(0, 16);
}
