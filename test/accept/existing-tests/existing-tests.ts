import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPython, pythonPath } from '../../../dist/adapters/backends/python/interpreter.js';
import { asset } from '../../../dist/adapters/system/assets.js';
import { userCache } from '../../../dist/adapters/system/cache-folder.js';
import { findSource } from '../sources/fetch.js';
import { folderOf, type Project, readProjects } from './project.js';

/** A judgement in a test: a line of the file that judged.py writes. */
interface Judged {
  readonly test: string;
  readonly verdict: 'pass' | 'fail' | 'undecided' | 'not judged';
  /** True if the replaced assertion held. */
  readonly theirs: boolean;
  /** Median and largest tolerance ÷ bound over the elements; null without a bound. */
  readonly tighter?: readonly [number, number] | null;
  readonly text?: string;
  readonly reason?: string;
}

/** Result of a project's tests, as a row of the table. */
export interface Row {
  readonly project: Project;
  readonly judged: readonly Judged[];
  readonly absent?: string;
  /** Faults, in words. */
  readonly wrong: readonly string[];
}

export interface ExistingAsked {
  /** Folder of checkouts. */
  readonly checkouts?: string;
  /** Names of projects; all where there are none. */
  readonly only: readonly string[];
}

const here = fileURLToPath(new URL('.', import.meta.url));
const suite = fileURLToPath(new URL('../../../dist/suites/cli/main.js', import.meta.url));

/** Runs public test files whose assertions are judgements. @returns a row for each project. */
export async function runExistingTests({ checkouts, only }: ExistingAsked): Promise<Row[]> {
  const rows: Row[] = [];
  for (const project of readProjects()) {
    if (only.length > 0 && !only.includes(project.id)) continue;
    const found = await findSource(project, checkouts);
    if ('absent' in found) rows.push({ project, judged: [], absent: found.absent, wrong: [] });
    else rows.push(await runProject(project, found.folder));
    process.stderr.write(`${project.id}: ${rows.at(-1)?.judged.length} assertions judged\n`);
  }
  return rows;
}

async function runProject(project: Project, checkout: string): Promise<Row> {
  const python = await findPython(['numpy', 'pytest', ...project.modules]);
  const folder = mkdtempSync(join(tmpdir(), 'attn-cts-tests-'));
  try {
    for (const file of Object.keys(project.files)) cpSync(join(checkout, file), join(folder, basename(file)));
    const file = join(folder, basename(project.tests));
    writeFileSync(file, patched(python, project, join(checkout, project.tests)));
    const records = join(folder, 'records.jsonl');
    writeFileSync(records, '');
    const env = {
      ...process.env,
      ...project.environment,
      ...pythonPath([asset('adapters/backends/python/package'), here, folderOf(project), installed(python, project)]),
      ATTN_CTS: `"${process.execPath}" "${suite}"`,
      ATTN_CTS_RECORDS: records,
      COLUMNS: '1000',
    };
    const argv = ['-m', 'pytest', '-p', 'judged', '-p', 'no:cacheprovider', '-q', '-k', project.select, file];
    const printed = await new Promise<string>((done) => {
      const tests = spawn(python, argv, { cwd: dirname(file), env, stdio: ['ignore', 'pipe', 'inherit'] });
      const chunks: Buffer[] = [];
      tests.stdout.on('data', (chunk) => chunks.push(chunk)).on('end', () => done(Buffer.concat(chunks).toString()));
    });
    const lines = readFileSync(records, 'utf8').split('\n');
    const judged = lines.filter((line) => line !== '').map((line): Judged => JSON.parse(line));
    return { project, judged, wrong: wrongOf(project, judged, printed) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function patched(python: string, project: Project, tests: string): string {
  const { status, stdout, stderr } = spawnSync(python, [join(here, 'patching.py'), join(folderOf(project), 'project.json'), tests], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${project.id}: ${stderr.trim().split('\n').at(-1)}`);
  return stdout;
}

/** Installs a project's packages in the user's cache. @returns their folder. @throws {Error} with what pip says. */
export function installed(python: string, { id, requirements }: Pick<Project, 'id' | 'requirements'>): string {
  const key = createHash('sha256')
    .update(JSON.stringify([python, requirements]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(userCache(), 'existing-tests', `${id}-${key}`);
  if (existsSync(folder)) return folder;
  const begun = `${folder}.${process.pid}`;
  mkdirSync(begun, { recursive: true });
  // without dependencies: those of the locked environment are the ones that are used
  const argv = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--disable-pip-version-check', '--target', begun, ...requirements];
  const { status, stderr } = spawnSync(python, argv, { encoding: 'utf8' });
  if (status !== 0) {
    rmSync(begun, { recursive: true, force: true });
    throw new Error(`${id}: ${stderr.trim().split('\n').slice(-3).join('\n')}`);
  }
  renameSync(begun, folder);
  return folder;
}

/** @returns what is wrong: verdicts that no known fault explains, known faults that are gone, tests that fail by themselves. */
function wrongOf({ id, faults }: Project, judged: readonly Judged[], printed: string): string[] {
  const failed = judged.filter(({ verdict }) => verdict === 'fail');
  const explains = ({ text }: { readonly text: string }, one: Judged) => new RegExp(text).test(one.text as string);
  const strange = failed.filter((one) => !faults.some((fault) => explains(fault, one)));
  const gone = faults.filter((fault) => !failed.some((one) => explains(fault, one)));
  const errors = printed.split('\n').filter((line) => /^(FAILED|ERROR) /.test(line) && !line.includes('AssertionError'));
  return [
    ...strange.map(({ test, text }) => `${id}, ${test}: ${text}`),
    ...gone.map(({ why }) => `${id}: no judgement finds this any more: ${why}`),
    ...errors.map((line) => `${id}: ${line}`),
    ...(judged.length === 0 ? [`${id}: nothing was judged: ${printed.trim().split('\n').slice(-5).join('\n')}`] : []),
  ];
}

const share = (rows: readonly Judged[], least: number) => rows.filter(({ tighter }) => tighter && tighter[0] >= least).length;

/** @returns the table: a line for each project, and its faults. */
export function existingTable(rows: readonly Row[]): string {
  const lines = rows.map(({ project, judged, absent }) => {
    const name = `[${project.title}](${project.url}/blob/${project.commit}/${project.tests})`;
    if (absent !== undefined) return `| ${name} | unavailable: ${absent} |||||`;
    const of = (verdict: string) => judged.filter((one) => one.verdict === verdict);
    const shares = judged.flatMap(({ tighter }) => (tighter ? [tighter[0]] : [])).sort((a, b) => a - b);
    const [low, high] = [shares[0], shares.at(-1)].map((x) => (x ?? Number.NaN).toPrecision(2));
    const open = of('undecided').length + of('not judged').length;
    const blind = of('fail').filter(({ theirs }) => theirs).length;
    const tighter = [1, 10, 100].map((least) => share(judged, least)).join(', ');
    return `| ${name} | ${judged.length} | ${tighter} | ${low} to ${high} | ${of('fail').length}, ${blind} | ${open} |`;
  });
  const head =
    '| tests | assertions | bound tighter than their tolerance by 1, 10, 100 | tolerance ÷ bound | fail, of which theirs hold | not decided |';
  const faults = rows.flatMap(({ project: { title, faults }, judged }) =>
    judged.length > 0 ? faults.map(({ why }) => `- ${title}: ${why}`) : [],
  );
  const reasons = new Set(
    rows.flatMap(({ project: { title }, judged }) => judged.flatMap(({ reason }) => (reason ? [`- ${title}, not judged: ${reason}`] : []))),
  );
  return [head, '|---|---|---|---|---|---|', ...lines, '', ...faults, ...reasons].join('\n');
}
