import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import parseArguments from 'string-argv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initKindNames } from '../../../suites/init/kinds.js';
import { backend, title } from '../../backend.js';
import { asksAll, firstOf } from '../../some.js';
import { attnCts } from './attn-cts.js';

// What a user types: init, the line that it prints, an edit, and the line again.

const before = process.cwd();
const home = mkdtempSync(join(tmpdir(), 'attention-cts-init-'));
beforeAll(() => process.chdir(home));
afterAll(() => {
  process.chdir(before);
  rmSync(home, { recursive: true });
});

/** The arguments of the lines to paste, as a shell splits them. */
function printedRuns(stdout: string): string[][] {
  return [...stdout.matchAll(/^ {2}npx attention-cts (run .*)$/gm)].map(([, line]) =>
    spawnSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
      .stdout.trimEnd()
      .split('\n'),
  );
}

describe('init', () => {
  it.skipIf(asksAll)('of one kind writes it, and prints the line that runs it', async () => {
    const { code, stdout } = await attnCts('init', 'my kernel', '--kind', 'process');
    expect(code).toBe(0);
    expect(stdout).toContain('wrote my kernel/kernel.py\n');
    const [[, , source]] = printedRuns(stdout);
    expect(parseArguments(source.replace(/^process:/, '')).slice(1)).toEqual(['my kernel/kernel.py']);
  });

  it.skipIf(asksAll)('of no kind writes each, in a folder of its own', async () => {
    const { code, stdout } = await attnCts('init', 'every');
    expect(code).toBe(0);
    expect(readdirSync(join(home, 'every')).sort()).toEqual([...initKindNames].sort());
    expect(printedRuns(stdout).map(([, , source]) => source)).toEqual(
      expect.arrayContaining(['every/module/kernel.mjs', 'wgsl:every/wgsl/kernel.json', 'native:every/native/kernel.json']),
    );
    for (const [, path] of stdout.matchAll(/^wrote (.*)$/gm)) expect(existsSync(join(home, path)), path).toBe(true);
  });

  it.skipIf(asksAll)('overwrites nothing', async () => {
    expect((await attnCts('init', '--kind', 'module')).code).toBe(0);
    const again = await attnCts('init', '--kind', 'module');
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toBe('error: attention-kernel/kernel.mjs exists already, and init never overwrites a file: name another folder\n');
  });

  it.skipIf(asksAll)('of an unknown kind names those that there are', async () => {
    const { code, stderr } = await attnCts('init', '--kind', 'wsgl');
    expect(code).toBe(2);
    expect(stderr).toContain(`Allowed choices are ${initKindNames.join(', ')}`);
  });

  it.skipIf(asksAll)('says in its help whom each kind is for', async () => {
    const { stdout } = await attnCts('init', '--help');
    for (const kind of initKindNames) expect(stdout).toMatch(new RegExp(`^ {2}${kind} +\\S+`, 'm'));
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('every kind, each in its own folder');
  });
});

const webgpu = await backend('webgpu');

// the first block of a fault in what each kind writes is held in suites/init/planted.every.test.ts
describe.each(
  firstOf(
    [
      { kind: 'module', file: 'kernel.mjs', right: 'j <= i + n - m', wrong: 'j < i + n - m', missing: undefined },
      { kind: 'wgsl', file: 'kernel.wgsl', right: 'i32(j) <= i32(i)', wrong: 'i32(j) < i32(i)', missing: webgpu.missing },
    ],
    1,
  ),
)('a fault planted into what init writes', ({ kind, file, right, wrong, missing }) => {
  it.skipIf(missing)(title(`for ${kind} is found, with its minimal case`, { missing }), async () => {
    const folder = `faulty-${kind}`;
    const [line] = printedRuns((await attnCts('init', folder, '--kind', kind)).stdout);
    const path = join(home, folder, file);
    const code = readFileSync(path, 'utf8');
    expect(code).toContain(right);
    writeFileSync(path, code.replace(right, wrong));
    const ran = await attnCts(...line, '--filter', 'softmax/causal/visibility/f32', '--runs', '5', '--out', `out-${kind}`);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/softmax\/causal\/visibility\/f32 +\(visibility\)/);
    expect(ran.stdout).toMatch(/case +b=1 hk=1 g=1 m=1 n=1 d=1 e=1, causal/);
    expect(ran.stdout).toContain('query 0 does not attend to key 0, which causal shows');
  });
});
