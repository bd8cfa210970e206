import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDocument } from '../../../spec/lib/documents.js';
import { attnCts } from './attn-cts.js';

const kernels = fileURLToPath(new URL('../../kernels', import.meta.url));
const home = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-program-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

describe('a mistake', () => {
  it.each<[string[], string]>([
    [['rnu'], "unknown command 'rnu'\n(Did you mean run?)"],
    [['run', '--runs', '0'], '--runs: found "0", must be a whole number of at least 1'],
    [['run', '--adapter', 'refrence'], 'unknown adapter "refrence"; nearest of'],
    [['run', '--adapter', 'reference', '--profile', 'cor'], 'unknown profile "cor"'],
    [['run', '--dialect', 'causal=top'], '--dialect: found "top" for causal, allowed: bottom-right, top-left'],
    [['run', '--reporter', 'jnuit'], '--reporter: found "jnuit", allowed: junit'],
    [['run', '--expectations', 'absent.json'], '--expectations: no such file: absent.json'],
    [['run', '--spec', 'absent'], '--spec: no such folder: absent'],
    [['list', 'adaptors'], 'Allowed choices are adapters, operators'],
    [['list', 'checks', '--adapter', 'refrence'], 'unknown adapter "refrence"'],
    [['mask', 'causl'], 'found "causl", which names no mask'],
    [['replay', 'absent.json'], 'no such file or folder: absent.json'],
  ])('%j is one message, exit 2', async (args, message) => {
    const { code, stdout, stderr } = await attnCts(...args);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each<[string[], string]>([
    [['judge', '--json'], "missing required argument 'kernel'"],
    [['judge', 'reference', '--json', '--runs', '0'], '--runs: found "0", must be a whole number of at least 1'],
    [['judge', 'reference', '--json', '--nothing'], "unknown option '--nothing'"],
    [['judge', 'refrence', '--json'], 'unknown adapter "refrence"'],
    [['judge', 'reference', '--json', '--filter', 'nothing/**'], 'nothing/**'],
  ])('of %j is a verdict too, on standard output', async (args, error) => {
    const { code, stdout, stderr } = await attnCts(...args);
    expect(code).toBe(2);
    const verdict = parseDocument('kernelVerdict', stdout, 'the verdict');
    expect(verdict).toMatchObject({ verdict: 'inconclusive', error: expect.stringContaining(error) });
    expect(stderr).toContain(error);
  });

  it('in the configuration names the file and the path', async () => {
    writeFileSync('attn-cts.config.json', '{"runs": "many"}');
    expect(await attnCts('run')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: attn-cts.config.json: at $.runs: found "many", must be integer\n',
    });
  });

  it('in a spec document names the file and the path', async () => {
    cpSync(fileURLToPath(new URL('../../../spec/masks/causal.json', import.meta.url)), join('mine', 'masks', 'causal.json'));
    const { code, stderr } = await attnCts('list', 'masks', '--spec', 'mine');
    expect(code).toBe(2);
    expect(stderr).toBe(`error: ${join('mine', 'masks', 'causal.json')}: at $.name: "causal" is already taken; give it another name\n`);
  });

  it('in a failure document names the file and the path', async () => {
    writeFileSync('failure.json', '{"format": 2}');
    expect((await attnCts('replay', 'failure.json')).stderr).toMatch(/^error: failure\.json: at \$/);
  });
});

describe('list', () => {
  it.each(['operators', 'masks', 'schemes', 'clusters', 'properties', 'profiles'])(
    '%s is a table, and an array with --json',
    async (what) => {
      const { code, stdout, stderr } = await attnCts('list', what, '--json');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const records = JSON.parse(stdout);
      expect(Array.isArray(records)).toBe(true);
      const table = (await attnCts('list', what)).stdout;
      for (const { name } of records) expect(table).toMatch(new RegExp(`^${name} `, 'm'));
      expect(table === `no ${what} in this version\n`).toBe(records.length === 0);
    },
  );

  it('operators of one family', async () => {
    const { stdout } = await attnCts('list', 'operators', '--family', 'linear', '--json');
    const records = JSON.parse(stdout);
    expect(new Set(records.map(({ family }: { family: string }) => family))).toEqual(new Set(['linear']));
    expect(records.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['linear', 'linear-causal', 'efficient']));
    const table = (await attnCts('list', 'operators', '--family', 'linear')).stdout;
    expect(table).toMatch(/^OPERATOR +FAMILY +VERSION +OPTIONS +TITLE\n/);
    expect(table).toMatch(/^linear +linear +1\.0\.0 +eps +Linear attention/m);
    expect(table).not.toMatch(/^softmax /m);
    expect(await attnCts('list', 'operators', '--family', 'liner')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: --family: unknown family "liner"; .*linear/),
    });
  });

  it('operators without a definition, with --all, each with the reason', async () => {
    const { stdout } = await attnCts('list', 'operators', '--all');
    expect(stdout).toMatch(/^ltri-llm +sparse +54 +no formula for the spans was obtained\. Ltri-LLM: /m);
    expect(stdout).toMatch(/^kinetics +sparse +1\.0\.0 +84 /m);
    expect(stdout).toMatch(/^32 +a survey\. An Attentive Survey of Attention Models/m);
    expect(stdout).toMatch(/^softmax +softmax /m);
    expect((await attnCts('list', 'operators')).stdout).not.toContain('UNDEFINED');
    const records = JSON.parse((await attnCts('list', 'operators', '--all', '--family', 'positions', '--json')).stdout);
    expect(records.find(({ name }: { name: string }) => name === 'attention-buckets')).toMatchObject({
      family: 'positions',
      undefined: 'how the outputs are combined was not verified in a source',
    });
    expect(records.every(({ family }: { family: string }) => family === 'positions')).toBe(true);
    expect((await attnCts('list', 'masks', '--all')).stdout).toMatch(/^radial +1\.0\.0 +72 /m);
    expect((await attnCts('list', 'schemes', '--all')).stdout).toMatch(/^lss .* 5 20 /m);
  });

  it("shows a mask of one's own beside ours", async () => {
    const mask = { name: 'mine', version: '1.0.0', title: 'Everything', visible: ['=', 0, 0] };
    cpSync(fileURLToPath(new URL('../../../spec/masks/causal.json', import.meta.url)), join('own', 'masks', 'mine.json'));
    writeFileSync(join('own', 'masks', 'mine.json'), JSON.stringify(mask));
    expect((await attnCts('list', 'masks', '--spec', 'own')).stdout).toMatch(/^mine +1\.0\.0 +Everything$/m);
    expect((await attnCts('mask', 'mine', '--n', '2', '--spec', 'own')).stdout).toContain('\n██\n██\n');
  });

  it('says what an adapter needs that is not available', async () => {
    const { code, stdout } = await attnCts(
      'list',
      'adapters',
      '--adapter',
      join(kernels, 'unavailable.js'),
      '--adapter',
      join(kernels, 'correct.js'),
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { id: 'unavailable', available: false, reason: 'no device was found', remedy: 'plug one in' },
      { id: 'correct', available: true, environment: { kernel: 'correct' } },
    ]);
  });

  it('shows the checks of an adapter with why others are not asked', async () => {
    const { stdout } = await attnCts('list', 'checks', '--adapter', join(kernels, 'correct.js'));
    expect(stdout).toMatch(/^softmax\/causal\/oracle\/f32 +52$/m);
    expect(stdout).toMatch(/^softmax\/document\/oracle\/f32 +0 +mask document is not claimed/m);
  });
});
