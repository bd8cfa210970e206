import { createHash } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { checkDocument } from '../../../spec/lib/documents.js';
import { requireDepth } from '../../../spec/lib/json.js';
import type { CheckResult, Result } from '../../../spec/types/documents.js';
import { forFlag, naming, readTextFor, writeFor } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { writeAside } from '../../lib/write-aside.js';

/** First line of a journal: values that a resumed run must match, and the start. */
export interface JournalHeader {
  readonly format: 1;
  readonly plan: string;
  /** Shard, with the hash of the cost table that divided the plan; null for a whole plan. */
  readonly shard: { readonly label: string; readonly costs: string | null } | null;
  readonly seed: number;
  readonly suite: string;
  readonly spec: Readonly<Record<string, string>>;
  readonly started: string;
}

/** Header and results of an interrupted run. */
export interface JournalState {
  readonly header: JournalHeader;
  readonly checks: CheckResult[];
}

/** Finished checks of a run, kept if the run is killed. */
export class Journal {
  private constructor(private readonly path: string) {}

  static create(path: string, header: JournalHeader): Journal {
    writeFor('--out', path, line(header));
    return new Journal(path);
  }

  /** Continues a journal, without torn lines and unfinished checks. */
  static continue(path: string, state: JournalState): Journal {
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
 * Reads a journal up to its first torn line; undefined if missing.
 * @throws {UsageError} for another file or plan. @throws {DocumentError} for a malformed line.
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
        plan: 'another plan, or another file of the kernel',
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

/** Validates read checks. @throws {DocumentError} if one breaks the schema. */
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

/** Undefined for a torn line. @throws {DocumentError} if nested too deeply. */
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
