import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from '../../../spec/lib/documents.js';
import { attnCts as runHere } from './attn-cts.js';

// What a user would type, in a folder of its own: the built program, and where only its answers matter, the same in this process.

const main = fileURLToPath(new URL('../../../dist/suites/cli/main.js', import.meta.url));
const kernels = fileURLToPath(new URL('../../kernels', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the program. */
function started(args: readonly string[], interruptAt?: RegExp): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: '1' } });
  let stdout = '';
  let stderr = '';
  let interrupted = false;
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    // a second signal would end it at once
    if (!interrupted && interruptAt?.test(stderr)) interrupted = child.kill('SIGINT');
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

/** Runs a command line in this process. */
async function attnCts(args: readonly string[], { cwd = folder }: { cwd?: string } = {}): Promise<Ended> {
  const before = process.cwd();
  process.chdir(cwd);
  try {
    return await runHere(...args);
  } finally {
    process.chdir(before);
  }
}

const small = ['--profile', 'core', '--filter', 'softmax/*/oracle/f32', '--runs', '3', '--speed', 'slow', '--jobs', '1'];

describe('run', () => {
  it('of a correct kernel passes, writes what it was asked to, and keeps what the kernel prints off its output', async () => {
    const out = join(folder, 'correct');
    const { code, stdout } = await started([
      'run',
      '--adapter',
      join(kernels, 'prints.js'),
      ...small,
      '--out',
      out,
      '--reporter',
      'json',
      '--reporter',
      `junit=${join(out, 'junit.xml')}`,
    ]);
    const result = parseDocument('result', stdout, 'stdout');
    expect(code).toBe(0);
    expect(parseDocument('result', readFileSync(join(out, 'result.json'), 'utf8'), 'result.json')).toEqual(result);
    expect(readFileSync(join(out, 'junit.xml'), 'utf8')).toMatch(/^<\?xml/);
  });

  it('that is interrupted before it has judged anything prints a verdict all the same, where JSON is asked for', async () => {
    const { code, stdout } = await started(['judge', 'reference', ...small, '--json', '--out', 'stopped'], /starting/);
    expect(code).toBe(130);
    expect(parseDocument('kernelVerdict', stdout, 'stdout').verdict).toBe('inconclusive');
  });

  it('of a wrong one fails, and its replay fails the same way, here and elsewhere', async () => {
    const source = join(kernels, 'nan.js');
    const { code, stdout, stderr } = await started(['run', '--adapter', source, ...small, '--out', 'wrong']);
    expect(code).toBe(1);
    // the failure is told when it is found, before its kernel has ended
    expect(stderr).toMatch(/^fail nan::\S+ \(nan\)\n(?: {2}.*\n)* {2}replay (?:.|\n)*^nan: 0 of \d+ passed/m);
    const pasted = / replay (\S+) --adapter (\S+)/.exec(stdout);
    expect(pasted?.[2]).toBe(source);
    const elsewhere = join(folder, 'elsewhere');
    cpSync(join(folder, pasted?.[1] as string), join(elsewhere, 'failure.json'));

    const replayed = await attnCts(['replay', 'failure.json', '--adapter', source], { cwd: elsewhere });
    expect(replayed.stdout).toContain('same verdict as in the document: fail (nan)');
    expect(replayed.code).toBe(1);

    const mended = await attnCts(['replay', 'failure.json', '--adapter', 'reference'], { cwd: elsewhere });
    expect(mended.stdout).toContain('passes now; the document says fail (nan)');
    expect(mended.code).toBe(0);

    const unnamed = await attnCts(['replay', 'failure.json'], { cwd: elsewhere });
    expect(unnamed.stderr).toContain('name it with --adapter');
    expect(unnamed.code).toBe(2);

    const document = JSON.parse(readFileSync(join(elsewhere, 'failure.json'), 'utf8'));
    const { dims } = document.case;
    const worst = { case: { ...document.case, dims: { ...dims, n: 40 } }, message: 'o[0, 0, 0, 0] is NaN' };
    writeFileSync(join(elsewhere, 'worst.json'), JSON.stringify({ ...document, worst }));
    const withWorst = await attnCts(['replay', 'worst.json', '--adapter', source], { cwd: elsewhere });
    expect(withWorst.stdout).toMatch(/^ {2}(first|worst) +b=1 .* n=40 .*: o\[0, 0, 0, 0\] is NaN$/m);

    writeFileSync(
      join(elsewhere, 'failure.json'),
      JSON.stringify({ ...document, case: { ...document.case, dims: { ...document.case.dims, m: 0 } } }),
    );
    const malformed = await attnCts(['replay', 'failure.json', '--adapter', source], { cwd: elsewhere });
    expect(malformed.stderr).toContain('failure.json: at $.case.dims.m: found 0');
    expect(malformed.code).toBe(2);
  });

  it('with its failures expected passes; where one of them passes, it does not', async () => {
    const args = ['run', '--adapter', join(kernels, 'nan.js'), ...small, '--expectations', 'known.json', '--out', 'expected'];
    const known = (check: string) =>
      writeFileSync(join(folder, 'known.json'), JSON.stringify([{ check, adapter: 'nan', verdict: 'fail', class: 'nan', why: 'made so' }]));
    known('softmax/*/oracle/f32');
    const expected = await attnCts(args);
    expect(expected.stdout).toMatch(/^known fail nan::softmax\/\w+\/oracle\/f32 \(nan\)$/m);
    expect(expected.code).toBe(0);

    const passing = ['run', '--adapter', join(kernels, 'correct.js'), ...small, '--expectations', 'known.json', '--out', 'expected'];
    writeFileSync(join(folder, 'known.json'), '[{"check": "softmax/full/oracle/f32", "verdict": "fail", "why": "mended since"}]');
    const surprise = await attnCts(passing);
    expect(surprise.stdout).toContain('Expected to fail, but passed\n  correct::softmax/full/oracle/f32\n');
    expect(surprise.code).toBe(1);

    known('softmax/casual/oracle/f32');
    const misspelt = await attnCts(args);
    expect(misspelt.stderr).toContain(
      'known.json: at $[0].check: "softmax/casual/oracle/f32" matches no check; the nearest are softmax/causal/oracle/f32',
    );
    expect(misspelt.code).toBe(2);
  });

  it('of an unavailable adapter is inconclusive', async () => {
    const { code, stdout } = await started(['run', '--adapter', join(kernels, 'unavailable.js'), ...small, '--out', 'unavailable']);
    expect(stdout).toContain('unavailable: no device was found\n    remedy: plug one in');
    expect(code).toBe(3);
  });

  it('reads a configuration, and flags win', async () => {
    const cwd = mkdtempSync(join(folder, 'configured-'));
    writeFileSync(
      join(cwd, 'attn-cts.config.ts'),
      `const runs: number = 2;\nexport default { runs, adapters: ['reference'], profiles: ['core'], filter: ['softmax/full/oracle/*'], reporters: ['json'] };`,
    );
    const { stdout } = await attnCts(['run', '--filter', 'softmax/full/oracle/f32'], { cwd });
    const result = parseDocument('result', stdout, 'stdout');
    expect(result.plan.runs).toBe(2);
    expect(result.checks.map((c) => `${c.adapter}::${c.id}`)).toEqual(['reference::softmax/full/oracle/f32']);
  });

  it('that is interrupted ends at once and says how to go on', async () => {
    const args = ['run', '--adapter', join(kernels, 'hangs.js'), ...small, '--timeout', '30', '--out', 'interrupted', '--seed', 'random'];
    // the seed is printed when the run begins
    const { code, stdout, stderr } = await started(args, /^seed \d+\n/m);
    expect(stderr).toMatch(
      /\nseed (\d+)\n(?:\d+ % .*\n)*interrupted; the results so far are in interrupted: the same command with --seed \1 --resume continues from there\n$/,
    );
    expect(code).toBe(130);
    // what was found is told, and can be read
    expect(stdout).toContain('not-run hangs: the run was interrupted; --resume goes on from here');
    const result = parseDocument('result', readFileSync(join(folder, 'interrupted', 'result.json'), 'utf8'), 'result.json');
    expect(result.checks.map(({ verdict }) => verdict)).toContain('not-run');
  });
});
