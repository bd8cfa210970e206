import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPython, pythonPath } from '../../../dist/adapters/backends/python/interpreter.js';
import { checkDocument } from '../../../dist/spec/lib/documents.js';
import type { Result } from '../../../dist/spec/types/documents.js';
import { findSource } from './fetch.js';
import { glueOf, type Held, readSources, type Source } from './source.js';

/** Seed of the cases, and their number. */
interface Drawn {
  readonly seed: number;
  /** Cases of each check. */
  readonly runs: number;
}

export interface SourcesAsked extends Drawn {
  /** Folder of checkouts. */
  readonly checkouts?: string;
  /** Names of sources or of documents; all where there are none. */
  readonly only: readonly string[];
}

/** Result of a function of a source, as a row of the table. */
export interface Row {
  readonly document: string;
  readonly source: Source;
  readonly held: Held;
  /** Number of checks of the document that the code passed, and that were judged; undefined where the source is not on this machine. */
  readonly checks?: { readonly passed: number; readonly judged: number };
  /** Largest error ÷ bound of all judged elements. */
  readonly worst?: number;
  readonly absent?: string;
  /** The fault, in words; undefined if there is none. */
  readonly wrong?: string;
}

/** Function of a source that is run. */
interface Entry {
  readonly source: Source;
  /** Its name in glue.py. */
  readonly name: string;
  readonly held: Held;
}

const suite = fileURLToPath(new URL('../../../dist/suites/cli/main.js', import.meta.url));

/** Holds documents to code that their authors or maintainers published, each as a kernel of the document. @returns a row for each function. */
export async function holdSources({ checkouts, only, seed, runs }: SourcesAsked): Promise<Row[]> {
  const asked = (source: Source, { document }: Held) => only.length === 0 || only.includes(source.id) || only.includes(document);
  const sources = readSources().filter((source) => Object.values(source.holds).some((held) => asked(source, held)));
  const rows: Row[] = [];
  const folders: Record<string, string> = {};
  const entries: Entry[] = [];
  for (const source of sources) {
    const found = await findSource(source, checkouts);
    for (const [name, held] of Object.entries(source.holds)) {
      if (!asked(source, held)) continue;
      if ('absent' in found) rows.push({ document: held.document, source, held, absent: found.absent });
      else entries.push({ source, name, held });
    }
    if ('folder' in found) folders[source.id] = found.folder;
  }
  if (entries.length > 0) rows.push(...(await judged(entries, folders, { seed, runs })));
  return rows.sort((a, b) => a.document.localeCompare(b.document) || a.source.id.localeCompare(b.source.id));
}

/** Functions of one run: each has a process of its own from the start of the run to its end, which takes some 300 MB. */
const TOGETHER = 4;

/** Judges the functions in as many runs at a time as there are cores: in a run with one job each function's process is started once. */
async function judged(entries: readonly Entry[], folders: Readonly<Record<string, string>>, asked: Drawn): Promise<Row[]> {
  const python = await findPython(['numpy', 'torch']);
  const left = Array.from({ length: Math.ceil(entries.length / TOGETHER) }, (_, part) =>
    entries.slice(part * TOGETHER, (part + 1) * TOGETHER),
  );
  const rows: Row[] = [];
  const worker = async () => {
    for (let part = left.shift(); part; part = left.shift()) {
      rows.push(...(await judgedInOneRun(part, folders, python, asked)));
      process.stderr.write(
        `${rows.length} of ${entries.length} functions: ${part.map(({ source, name }) => `${source.id} ${name}`).join(', ')}\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return rows;
}

async function judgedInOneRun(
  entries: readonly Entry[],
  folders: Readonly<Record<string, string>>,
  python: string,
  { seed, runs }: Drawn,
): Promise<Row[]> {
  const out = mkdtempSync(join(tmpdir(), 'attn-cts-sources-'));
  try {
    const kernels = entries.map(({ source, name }) => `${glueOf(source)}:${name}`);
    const options = ['--seed', String(seed), '--runs', String(runs), '--out', out, '--jobs', '1'];
    const filters = ['**/oracle/**', '**/gradient/**'].flatMap((glob) => ['--filter', glob]);
    const env = {
      ...process.env,
      ...pythonPath([fileURLToPath(new URL('.', import.meta.url))]),
      ATTN_CTS_SOURCES: JSON.stringify(folders),
    };
    const argv = [suite, 'run', ...kernels, ...filters, ...options, '--python', python, '--start-timeout', '300'];
    // exits with 1 where a check failed, which the result says
    const stderr = await new Promise<string>((done) => {
      execFile(process.execPath, argv, { env, maxBuffer: 1 << 28 }, (_, _stdout, text) => done(text));
    });
    const file = join(out, 'result.json');
    const result = checkDocument('result', readResult(file, stderr), file);
    return entries.map((entry) => rowOf(result, entry));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function readResult(file: string, stderr: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`the run wrote no result: ${stderr.trim().split('\n').slice(-5).join('\n')}`);
  }
}

function rowOf(result: Result, { source, name, held }: Entry): Row {
  const id = `${source.id}-${name.replaceAll('_', '-')}`;
  const row = { document: held.document, source, held };
  const adapter = result.adapters.find((one) => one.id === id);
  if (!adapter) return { ...row, wrong: `the run has no adapter ${id}: is it the id of the function ${name}?` };
  if (adapter.unavailable) return { ...row, absent: adapter.unavailable.reason };
  const checks = result.checks.filter((check) => check.adapter === id && check.verdict !== 'unsupported');
  const failed = checks.filter(({ verdict }) => verdict !== 'pass');
  const worst = Math.max(0, ...checks.flatMap(({ error = {} }) => Object.values(error).map(({ maxOverBound }) => Number(maxOverBound))));
  const counts = { passed: checks.length - failed.length, judged: checks.length };
  const wrong = wrongOf(
    held,
    failed.map(({ id: check, failure, reason }) => `${check}: ${failure?.message ?? reason}`),
    checks.length,
  );
  return { ...row, checks: counts, worst, ...(wrong !== undefined && { wrong }) };
}

/** @returns what is wrong with the verdicts on code that should agree, or is known to differ. */
function wrongOf({ differs }: Held, failed: readonly string[], judged: number): string | undefined {
  if (judged === 0) return 'no check was judged: the glue claims too little';
  if (differs !== undefined) return failed.length > 0 ? undefined : `the code agrees now, which should differ: ${differs}`;
  return failed.length === 0 ? undefined : failed.join('; ');
}
