import { createHash } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { checkDocument } from '../../../spec/lib/documents.js';
import { requireDepth } from '../../../spec/lib/json.js';
import type { CheckResult, Result } from '../../../spec/types/documents.js';
import { forFlag, naming, readTextFor, writeFor } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { writeAside } from '../../lib/write-aside.js';

/** First line of a journal: values that must be equal for a run to be resumed, and when the run started. */
export interface JournalHeader {
  readonly format: 1;
  readonly plan: string;
  /** Part of the plan, and the hash of the cost table by which the plan was divided; null if the run has the whole plan. */
  readonly shard: { readonly label: string; readonly costs: string | null } | null;
  readonly seed: number;
  readonly suite: string;
  readonly spec: Readonly<Record<string, string>>;
  readonly started: string;
}

/** Results that a run had written when it ended, with the header of its journal. */
export interface JournalState {
  readonly header: JournalHeader;
  readonly checks: CheckResult[];
}

/** Journal of a run: holds every finished check, so that the results of a killed run are not lost. */
export class Journal {
  private constructor(private readonly path: string) {}

  /** Creates a new journal in the place of an older one. */
  static create(path: string, header: JournalHeader): Journal {
    writeFor('--out', path, line(header));
    return new Journal(path);
  }

  /** Continues a journal. Drops its torn end and its unfinished checks. */
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
 * Reads a journal. Returns undefined if there is none. Drops the lines from the first torn one on.
 * @throws {UsageError} if it is no journal, or the journal of another plan. @throws {DocumentError} if a line is whole but malformed.
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

/** Validates checks that were read as JSON by the schema of the result document. @throws {DocumentError} if one does not conform. */
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

/** Parses a line. Returns undefined if it is torn. @throws {DocumentError} if it is whole but nested too deeply. */
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
