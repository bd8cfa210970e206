import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtIns } from '../../../adapters/registry.js';
import type { Result } from '../../../spec/types/documents.js';
import { madeUp, minimalCase } from '../../reports/made-up.js';
import { madeUpBench, timing } from '../../reports/made-up-bench.js';
import { kernelPath } from '../runner/run-kernels.js';
import { attnCts } from './attn-cts.js';

const home = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-gate-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const save = (file: string, value: unknown) => writeFileSync(file, JSON.stringify(value));
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const run = (...args: string[]) =>
  attnCts('run', '--filter', 'softmax/causal/oracle/f32', '--runs', '4', '--jobs', '1', '--reporter', 'json=r.json', ...args);

describe('diff', () => {
  const worse: Result = { ...madeUp, checks: madeUp.checks.map((c, i) => (i === 0 ? { ...c, verdict: 'fail', class: 'value' } : c)) };

  it('exits 1 on a regression only where it is a gate', async () => {
    save('old.json', madeUp);
    save('new.json', worse);
    expect(await attnCts('diff', 'old.json', 'old.json', '--gate')).toEqual({ code: 0, stdout: 'Nothing differs.\n', stderr: '' });
    const shown = await attnCts('diff', 'old.json', 'new.json');
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('reference::softmax/full/oracle/f32 pass → fail value') });
    expect((await attnCts('diff', 'old.json', 'new.json', '--gate')).code).toBe(1);
    const { code, stdout } = await attnCts('diff', 'new.json', 'old.json', '--gate', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ regressions: [], fixes: [{ adapter: 'reference', id: 'softmax/full/oracle/f32' }] });
  });

  it('tells timings where two bench documents come along, and closes no gate on them', async () => {
    save('old.json', madeUp);
    save('b1.json', madeUpBench);
    save('b2.json', { ...madeUpBench, timings: madeUpBench.timings.map((t) => (t.adapter === 'soft' ? timing('soft', 100) : t)) });
    const two = ['--bench', 'b1.json', '--bench', 'b2.json'];
    const shown = await attnCts('diff', 'old.json', 'old.json', '--gate', ...two);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('soft: 50 → 100 ms') });
    const { stdout } = await attnCts('diff', 'old.json', 'old.json', '--json', ...two);
    expect(JSON.parse(stdout).bench.timings).toMatchObject([{ candidate: 'soft', by: 'time', old: 50, now: 100 }]);
    const one = await attnCts('diff', 'old.json', 'old.json', '--bench', 'b1.json');
    expect(one).toMatchObject({ code: 2, stderr: expect.stringContaining('--bench: found 1, must be two') });
  });

  it('refuses what is no whole result', async () => {
    save('old.json', madeUp);
    writeFileSync('torn.json', JSON.stringify(madeUp).slice(0, -9));
    save('open.json', { ...madeUp, complete: false });
    for (const [file, problem] of [
      ['torn.json', 'the end of the file is missing'],
      ['open.json', '$.complete'],
      ['absent.json', 'there is no such file'],
    ]) {
      const { code, stdout, stderr } = await attnCts('diff', 'old.json', file, '--gate');
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`error: ${file}: at $`);
      expect(stderr).toContain(problem);
    }
  });
});

describe('merge', () => {
  const part = (index: number, places: number[]): Result => ({
    ...madeUp,
    plan: { ...madeUp.plan, shard: `${index}/2`, checks: madeUp.checks.length, places },
    checks: places.map((place) => madeUp.checks[place]),
  });
  const [even, odd] = [0, 1].map((rest) => madeUp.checks.flatMap((_, i) => (i % 2 === rest ? [i] : [])));
  const failed = madeUp.checks.find((c) => c.failure?.folder)?.failure?.folder as string;

  it('writes the result of the whole plan, with its failure folders and what its checks took', async () => {
    for (const [i, places] of [even, odd].entries()) {
      mkdirSync(join(`s${i + 1}`, failed), { recursive: true });
      writeFileSync(join(`s${i + 1}`, failed, 'failure.json'), '{}');
      save(`s${i + 1}/result.json`, part(i + 1, places));
    }
    const { code, stdout } = await attnCts(
      'merge',
      's2/result.json',
      's1/result.json',
      '--out',
      'all/result.json',
      '--write-costs',
      'costs.json',
    );
    expect(code).toBe(1);
    expect(stdout).toContain('checks judged');
    expect(read('all/result.json').checks).toEqual(madeUp.checks);
    expect(existsSync(join('all', failed, 'failure.json'))).toBe(true);
    expect(read('costs.json').costs['reference::softmax/full/oracle/f32']).toBe(1500);
  });

  describe('of a result that a stranger made', () => {
    const hostile = (path: string) => {
      const [first, ...rest] = part(1, [0]).checks;
      const failure = { folder: path, case: minimalCase, reproduced: 5 };
      return { ...part(1, [0]), plan: { ...madeUp.plan, shard: '1/1', checks: 1, places: [0] }, checks: [{ ...first, failure }, ...rest] };
    };
    const merge = () => attnCts('merge', 'theirs/result.json', '--out', 'mine/result.json');
    const stranger = (path: string, files: Readonly<Record<string, string>>) => {
      mkdirSync(join('theirs', path), { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(join('theirs', path, name), text, { mode: 0o755 });
      save('theirs/result.json', hostile(path));
    };

    it.each(['.git/hooks', '.github/workflows', 'failures', 'node_modules/.bin', 'failures/../.git/hooks', 'failures/a b'])(
      'refuses the folder %j, and copies nothing',
      async (path) => {
        stranger(path, { 'pre-commit': '#!/bin/sh\n', 'failure.json': '{}' });
        const { code, stderr } = await merge();
        expect(code).toBe(2);
        expect(stderr).toMatch(/^error: theirs\/result\.json: at \$\.checks\[0\]\.failure\.folder: found "/);
        expect(existsSync('mine')).toBe(false);
      },
    );

    it('copies the files of a failure alone, without their modes', async () => {
      stranger('failures/a/b', { 'failure.json': '{}', 'inputs.safetensors': 'x', 'pre-commit': '#!/bin/sh\n' });
      mkdirSync('mine/failures/a/b', { recursive: true });
      writeFileSync('mine/failures/a/b/failure.json', 'old', { mode: 0o777 });
      chmodSync('mine/failures/a/b/failure.json', 0o777);
      expect((await merge()).stderr).toBe('');
      expect(readdirSync('mine/failures/a/b').sort()).toEqual(['failure.json', 'inputs.safetensors']);
      for (const name of readdirSync('mine/failures/a/b')) expect(statSync(join('mine/failures/a/b', name)).mode & 0o111).toBe(0);
      expect(readFileSync('mine/failures/a/b/failure.json', 'utf8')).toBe('{}');
    });

    it('copies no file of several gigabytes', async () => {
      stranger('failures/a/b', { 'failure.json': '{}', 'inputs.safetensors': '' });
      truncateSync('theirs/failures/a/b/inputs.safetensors', 3e9);
      const { code, stderr } = await merge();
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /^error: [^\n]*: "inputs\.safetensors" has 3000000000 bytes, at most 1073741824 are copied; leave the file out\n$/,
      );
    });

    it('follows no link: of the folder, a file in it, or where it goes', async () => {
      writeFileSync('secret', 'mine alone');
      stranger('failures/a/b', { 'failure.json': '{}' });
      symlinkSync(join(folder, 'secret'), 'theirs/failures/a/b/inputs.safetensors');
      expect(await merge()).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('"inputs.safetensors" is a link or not a regular file'),
      });
      rmSync('theirs/failures/a/b/inputs.safetensors');
      rmSync('mine', { recursive: true });
      mkdirSync('mine');
      mkdirSync('elsewhere');
      symlinkSync(join(folder, 'elsewhere'), 'mine/failures');
      expect(await merge()).toMatchObject({ code: 2, stderr: expect.stringContaining('is a link or not a folder; remove it') });
      expect(readdirSync('elsewhere')).toEqual([]);
      rmSync('mine', { recursive: true });
      mkdirSync('mine/failures/a/b', { recursive: true });
      symlinkSync(join(folder, 'secret'), 'mine/failures/a/b/failure.json');
      expect((await merge()).stderr).toBe('');
      expect(readFileSync('secret', 'utf8')).toBe('mine alone');
      rmSync('theirs/failures/a', { recursive: true });
      mkdirSync('theirs/real/b', { recursive: true });
      symlinkSync(join(folder, 'theirs/real'), 'theirs/failures/a');
      expect(await merge()).toMatchObject({ code: 2, stderr: expect.stringContaining('"a" is a link; copy the folder itself') });
    });
  });

  it('is exit 2 where one is missing, and writes nothing', async () => {
    save('one.json', part(1, even));
    const { code, stderr } = await attnCts('merge', 'one.json', '--out', 'all/result.json');
    expect(code).toBe(2);
    expect(stderr).toContain('one.json: at $.plan.shard: found shards of 2, but not 2/2');
    expect(existsSync('all')).toBe(false);
  });
});

describe('run', () => {
  it('--update-expectations writes what fails, and takes out what passes again', async () => {
    const known = ['--expectations', 'known.json'];
    expect((await run('--adapter', kernelPath('nan'), '--update-expectations')).stderr).toContain('--expectations FILE');
    const first = await run('--adapter', kernelPath('nan'), ...known, '--update-expectations');
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/added, say why: nan::softmax\/causal\/oracle\/f32 fail nan\nknown\.json: 1 entry\n$/);
    expect(read('known.json')).toMatchObject([
      { adapter: 'nan', check: 'softmax/causal/oracle/f32', class: 'nan', why: expect.stringMatching(/^unexplained; seen \d{4}-/) },
    ]);
    expect((await run('--adapter', kernelPath('nan'), ...known)).code).toBe(0);
    save('known.json', [{ ...read('known.json')[0], adapter: 'correct', why: 'mended' }]);
    expect((await run('--adapter', kernelPath('correct'), ...known)).code).toBe(1);
    const last = await run('--adapter', kernelPath('correct'), ...known, '--update-expectations');
    expect(last.code).toBe(0);
    expect(last.stderr).toContain('removed, it passes now: correct::softmax/causal/oracle/f32 fail nan (mended)');
    expect(read('known.json')).toEqual([]);
  });

  it('an entry that matches no check is exit 2, and nothing is rewritten', async () => {
    save('known.json', [{ check: 'softmax/casual/oracle/f32', verdict: 'fail', why: 'x' }]);
    const { code, stderr } = await run('--adapter', kernelPath('nan'), '--expectations', 'known.json', '--update-expectations');
    expect(code).toBe(2);
    expect(stderr).toContain('"softmax/casual/oracle/f32" matches no check; the nearest are softmax/causal/oracle/f32');
    expect(read('known.json')).toHaveLength(1);
  });

  it('an entry for a check of a profile that is not judged stays', async () => {
    const entry = { check: 'softmax/any/chunked-prefill/f32', verdict: 'fail', why: 'x' };
    save('known.json', [entry]);
    const { code } = await run('--adapter', kernelPath('correct'), '--expectations', 'known.json', '--update-expectations');
    expect(code).toBe(0);
    expect(read('known.json')).toEqual([entry]);
  });

  it('--profile parallel judges the schemes of others with --slow alone', async () => {
    const judged = async (...more: string[]) => {
      const flags = ['--profile', 'parallel', '--filter', 'softmax/full/single-device/f32@ulysses', '--python', 'nowhere', '--runs', '1'];
      // of a built-in that is not judged here
      save('known.json', [{ check: 'softmax/causal/oracle/f64', adapter: 'tfjs-cpu', verdict: 'fail', why: 'x' }]);
      const { code } = await attnCts('run', ...flags, '--jobs', '1', '--expectations', 'known.json', '--reporter', 'json=r.json', ...more);
      expect(code).toBe(0);
      return (read('r.json').adapters as { id: string }[]).map(({ id }) => id);
    };
    expect(await judged()).toEqual(['reference']);
    const schemes = Object.keys(builtIns).filter((id) => builtIns[id].scheme);
    expect(schemes).toContain('yunchang-ulysses-local');
    expect(await judged('--slow', '1')).toEqual([...schemes, 'reference']);
  });

  it('--corpus keeps what fails; a document that is torn is named', async () => {
    expect((await run('--adapter', kernelPath('nan'), '--corpus', 'saved', '--write-costs', 'costs.json')).code).toBe(1);
    const [name] = readdirSync('saved');
    expect(Object.keys(read('costs.json').costs)).toEqual(['nan::softmax/causal/oracle/f32']);
    const text = readFileSync(join('saved', name), 'utf8');
    writeFileSync(join('saved', name), text.slice(0, 99));
    expect(await run('--adapter', kernelPath('nan'), '--corpus', 'saved')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(join('saved', name)),
    });
  });

  it('--costs that is no cost table is exit 2', async () => {
    save('costs.json', { format: 1, costs: { x: -1 } });
    const { code, stderr } = await run('--adapter', kernelPath('nan'), '--shard', '1/2', '--costs', 'costs.json');
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: costs.json: at $.costs.x: found -1, must be >= 0\n' });
    expect((await run('--adapter', kernelPath('nan'), '--costs', 'absent.json')).stderr).toContain('--costs: no such file: absent.json');
  });
});
