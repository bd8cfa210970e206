import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeUp } from '../../reports/made-up.js';
import { kernelPath } from '../runner/run-kernels.js';
import { attnCts } from './attn-cts.js';

const home = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-files-'));
  process.chdir(folder);
  writeFileSync('file', 'notes');
  mkdirSync('folder');
  symlinkSync('loop', 'loop');
  writeFileSync('result.json', JSON.stringify(madeUp));
  writeFileSync('shard.json', JSON.stringify(shard));
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

const places = madeUp.checks.map((_, i) => i);
const shard = {
  ...madeUp,
  plan: { ...madeUp.plan, shard: '1/1', checks: places.length, places },
  checks: madeUp.checks.map((c) => (c.failure ? { ...c, failure: { ...c.failure, folder: undefined } } : c)),
};
const run = ['run', '--filter', 'softmax/causal/oracle/f32', '--runs', '2', '--jobs', '1', '--adapter'];
const right = [...run, 'reference'];
const wrong = [...run, kernelPath('nan')];
const long = 'x'.repeat(300);
const nowhere = '/proc/attention-cts/x';
const noPlace = (flag: string) => new RegExp(`^${flag}: /proc/attention-cts.*: there is no such file or folder; check the path$`);
const inOut = (make: () => void) => () => {
  mkdirSync('out');
  make();
};

/** A fault of disk or files: the command that meets it, what the one line says, and how to bring it about. */
type Fault = readonly [what: string, args: readonly string[], says: RegExp, make?: () => void];

const faults: readonly Fault[] = [
  ['--out is a file', [...right, '--out', 'file'], /^--out: .*file: this is a file; name a folder$/],
  ['--out lies below a file', [...right, '--out', 'file/x/y'], /^--out: .*file: this is a file; name a folder$/],
  ['--out is a device', [...right, '--out', '/dev/null'], /^--out: \/dev\/null: this is a file; name a folder$/],
  ['--out leads in a circle', [...right, '--out', 'loop/x'], /^--out: .*: its symbolic links form a circle; correct/],
  ['--out has too long a name', [...right, '--out', long], /^--out: .*: this name is too long for the file system; name a shorter/],
  [
    'the journal has no room',
    [...right, '--out', 'out'],
    /^--out: out\/journal\.jsonl: the disk is full; free/,
    inOut(() => symlinkSync('/dev/full', 'out/journal.jsonl')),
  ],
  [
    'the journal is a folder',
    [...right, '--out', 'out', '--resume'],
    /^--out: out\/journal\.jsonl: this is a folder; name a file$/,
    inOut(() => mkdirSync('out/journal.jsonl')),
  ],
  [
    'the result has no room',
    [...right, '--out', 'out'],
    /^--out: out\/result\.json: the disk is full; free/,
    inOut(() => symlinkSync('/dev/full', 'out/result.json.new')),
  ],
  [
    'the result is a folder',
    [...right, '--out', 'out'],
    /^--out: out\/result\.json: this is a folder; name a file$/,
    inOut(() => mkdirSync('out/result.json')),
  ],
  [
    'a failure has no folder to lie in',
    [...wrong, '--out', 'out'],
    /^--out: .*out\/failures\/nan.*: a part of this path is a file, where a folder is needed; name another path$/,
    inOut(() => writeFileSync('out/failures', '')),
  ],
  ['a report has no room', [...right, '--out', 'out', '--reporter', 'json=/dev/full'], /^--reporter: \/dev\/full: the disk is full; free/],
  ['a report is a folder', [...right, '--reporter', 'json=folder'], /^--reporter: folder: this is a folder; name a file$/],
  ['badges are a file', [...right, '--reporter', 'badges=file'], /^--reporter: .*file: this is a file; name a folder$/],
  ['expectations are a folder', [...right, '--expectations', 'folder'], /^--expectations: folder: this is a folder; name a file$/],
  ['expectations have no end', [...right, '--expectations', '/dev/zero'], /^--expectations: \/dev\/zero: has more than \d+ bytes; name a/],
  ['costs are a folder', [...right, '--costs', 'folder', '--shard', '1/2'], /^--costs: folder: this is a folder; name a file$/],
  ['costs have no room', [...right, '--out', 'out', '--write-costs', '/dev/full'], /^--write-costs: \/dev\/full: the disk is full; free/],
  ['costs go to a folder', [...right, '--write-costs', 'folder'], /^--write-costs: folder: this is a folder; name a file$/],
  ['the corpus is a file', [...right, '--corpus', 'file'], /^--corpus: .*file: this is a file; name a folder$/],
  [
    'a document of the corpus is a folder',
    [...right, '--corpus', 'folder'],
    /^--corpus: folder\/a\.json: this is a folder; name a file$/,
    () => mkdirSync('folder/a.json'),
  ],
  [
    'a document of the corpus is a pipe that nobody writes to',
    [...right, '--corpus', 'folder'],
    /^--corpus: folder\/a\.json: not a regular file; remove it from the folder$/,
    () => void execFileSync('mkfifo', ['folder/a.json']),
  ],
  ['--spec is a file', [...right, '--spec', 'file'], /^--spec: found no documents in "file"; they lie in its folders/],
  [
    'a spec document is a folder',
    [...right, '--spec', 'folder'],
    /^--spec: folder\/masks\/a\.json: this is a folder; name a file$/,
    () => mkdirSync('folder/masks/a.json', { recursive: true }),
  ],
  ['a dialect is a folder', [...right, '--dialect', 'folder'], /^--dialect: folder: this is a folder; name a file$/],
  [
    'the configuration is a folder',
    ['run'],
    /^the configuration: .*attn-cts\.config\.json: this is a folder; name a file$/,
    () => mkdirSync('attn-cts.config.json'),
  ],
  ['a failure is a folder', ['replay', 'folder'], /^folder has no failure\.json; name the folder of one failure/],
  ['a failure is not there', ['replay', 'none'], /^no such file or folder: none$/],
  [
    'a result is a folder',
    ['diff', 'result.json', 'folder'],
    /^folder: at \$: this is not a file; name the result\.json inside the folder$/,
  ],
  [
    'a result is a pipe that nobody writes to',
    ['diff', 'result.json', 'pipe'],
    /^pipe: at \$: this is not a file/,
    () => void execFileSync('mkfifo', ['pipe']),
  ],
  ['a result lies below a file', ['diff', 'result.json', 'file/x'], /^file\/x: at \$: cannot be opened: a part of this path is a file/],
  ['merge goes to a folder', ['merge', 'shard.json', '--out', 'folder'], /^--out: folder: this is a folder; name a file$/],
  ['merge goes below a file', ['merge', 'shard.json', '--out', 'file/x'], /^--out: .*file: this is a file; name a folder$/],
  ['merge has no room', ['merge', 'shard.json', '--out', '/dev/full'], /^--out: \/dev\/full: the disk is full; free/],
  ['a site is a file', ['report', 'result.json', '--out', 'file'], /^--out: "file" exists and is not a report; name a new or empty folder/],
  ['a site lies below a file', ['report', 'result.json', '--out', 'file/x'], /^--out: .*file: this is a file; name a folder$/],
  ['power is a folder', ['report', 'result.json', '--power', 'folder'], /^--power: folder: this is a folder; name a file$/],
  ['simulations are a folder', ['report', 'result.json', '--simulate', 'folder'], /^--simulate: folder: this is a folder; name a file$/],
  [
    'timings are a folder',
    ['diff', 'result.json', 'result.json', '--bench', 'folder', '--bench', 'folder'],
    /^folder: at \$: this is not a file/,
  ],
  ['vectors are a file', ['vectors', '--out', 'file'], /^--out: file: .*; name/],
  [
    'vectors would take away what is not theirs',
    ['vectors', '--out', 'folder'],
    /^--out: "folder" holds other files than vectors; name a new or empty folder/,
    () => ['index.json', 'notes'].forEach((name) => void writeFileSync(join('folder', name), '')),
  ],
  ['vectors lie below a file', ['vectors', '--out', 'file/x'], /^--out: .*file: this is a file; name a folder$/],
  [
    'capabilities are a folder',
    ['vectors', '--out', 'v', '--capabilities', 'folder'],
    /^--capabilities: folder: this is a folder; name a file$/,
  ],
  ['a picture has no room', ['mask', 'causal', '--svg', '/dev/full'], /^--svg: \/dev\/full: the disk is full; free/],
  ['a picture is a folder', ['mask', 'causal', '--svg', 'folder'], /^--svg: folder: this is a folder; name a file$/],
  [
    'a cluster is a folder',
    ['simulate', '--scheme', 'ring', '--ranks', '2', '--tokens', '64', '--cluster', 'folder'],
    /^--cluster: folder: this is a/,
  ],
  ['a dialect goes to a folder', ['probe', 'reference', '--write', 'folder'], /^--write: folder: this is a folder; name a file$/],
  ['timings go to a file', ['bench', '--adapter', 'reference', '--out', 'file'], /^--out: .*file: this is a file; name a folder$/],
  ['templates go to a file', ['init', '--kind', 'wgsl', 'file'], /^init: file.*: .*; name another path/],
  // where the system makes no folder, however often it is asked
  ['--out lies below /proc', [...right, '--out', nowhere], noPlace('--out')],
  ['the corpus lies below /proc', [...right, '--corpus', nowhere], noPlace('--corpus')],
  ['costs lie below /proc', [...right, '--write-costs', `${nowhere}/x`], noPlace('--write-costs')],
  ['a report lies below /proc', [...right, '--reporter', `json=${nowhere}/x`], noPlace('--reporter')],
  ['a site lies below /proc', ['report', 'result.json', '--out', `${nowhere}/x`], noPlace('--out')],
  ['merge goes below /proc', ['merge', 'shard.json', '--out', `${nowhere}/x`], noPlace('--out')],
  ['vectors lie below /proc', ['vectors', '--out', nowhere], noPlace('--out')],
  ['a picture lies below /proc', ['mask', 'causal', '--svg', `${nowhere}/x`], noPlace('--svg')],
  ['timings lie below /proc', ['bench', '--adapter', 'reference', '--out', nowhere], noPlace('--out')],
  ['templates lie below /proc', ['init', '--kind', 'wgsl', nowhere], noPlace('init')],
];

describe('a fault of disk or files is one line that names the flag and what to do, and exit 2', () => {
  it.each(faults.map((fault) => [fault[0], fault] as const))('%s', async (_, [, args, says, make]) => {
    make?.();
    const { code, stderr } = await attnCts(...args);
    const lines = stderr.split('\n').filter((line) => line.startsWith('error: '));
    expect(lines).toHaveLength(1);
    expect(lines[0].replace('error: ', '')).toMatch(says);
    expect(stderr).not.toMatch(/fault of attention-cts|\n {4}at /);
    expect(code).toBe(2);
    expect(existsSync('/dev/full') && existsSync('/dev/null')).toBe(true);
  });

  it('the working folder is gone', async () => {
    rmSync(folder, { recursive: true });
    const { code, stderr } = await attnCts('run', '--adapter', 'reference');
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: the working folder no longer exists; change to another folder\n' });
  });

  it('are more than thirty', () => {
    expect(faults.length).toBeGreaterThanOrEqual(30);
  });
});
