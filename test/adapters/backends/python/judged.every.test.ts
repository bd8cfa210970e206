import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { harness } from '../../../../adapters/backends/python/index.js';
import { asset } from '../../../../adapters/system/assets.js';
import { parseDocument } from '../../../../spec/lib/documents.js';
import type { Result } from '../../../../spec/types/documents.js';
import { title } from '../../../backend.js';
import { asksAll, firstOf } from '../../../some.js';
import { attnCts } from '../../../suites/cli/attn-cts.js';
import { pythonWith } from './python.js';

// What a user would do, in a folder of their own: command lines, and pytest with the built program.

const main = asset('dist/suites/cli/main.js');
const kernels = fileURLToPath(new URL('kernels', import.meta.url));
const template = asset('suites/init/templates/python/kernel.py');
const numpy = await pythonWith('numpy');
const pytest = await pythonWith('numpy', 'pytest');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-python-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, NO_COLOR: '1', PYTHONDONTWRITEBYTECODE: '1', ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
    });
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

async function judge(targets: readonly string[], ...args: string[]): Promise<{ code: number | null; output: string; result: Result }> {
  const adapters = targets.flatMap((target) => ['--adapter', `python:${target}`]);
  const before = process.cwd();
  process.chdir(folder);
  try {
    const ended = await attnCts('run', ...adapters, '--python', numpy.python, '--speed', 'slow', '--jobs', '1', '--out', 'out', ...args);
    const result = parseDocument('result', readFileSync(join(folder, 'out/result.json'), 'utf8'), 'result.json');
    return { code: ended.code, output: ended.stdout + ended.stderr, result };
  } finally {
    process.chdir(before);
  }
}

const failures = (result: Result) => result.checks.filter((c) => c.verdict !== 'pass' && c.verdict !== 'unsupported');

describe.skipIf(numpy.missing)(title('python kernels, judged', numpy), () => {
  it.skipIf(asksAll)('the template conforms as it is', async () => {
    const { code, output, result } = await judge([template], '--runs', '3', '--filter', 'softmax*/{causal,any}/**');
    expect(failures(result), output).toEqual([]);
    expect(code).toBe(0);
    expect(result.checks.filter((c) => c.verdict === 'pass').length).toBeGreaterThan(9);
  });

  it.skipIf(asksAll)('a fault planted in the template is found and explained', async () => {
    writeFileSync(join(folder, 'kernel.py'), readFileSync(template, 'utf8').replace('[:, None] + n - m', '[:, None]'));
    const { code, output } = await judge(
      ['kernel.py:attention'],
      '--runs',
      '10',
      '--seed',
      '3',
      '--filter',
      'softmax+cross/any/oracle/f32',
    );
    expect(code).toBe(1);
    expect(output).toContain('the output matches the dialect causal=top-left');
    expect(output).toContain('--adapter python:kernel.py:attention');
  });

  it.skipIf(!asksAll)('packed documents come with their bounds, and a document that takes in the next one is found', async () => {
    const targets = ['packed', 'leaks'].map((name) => `${kernels}/packed.py:${name}`);
    const { output, result } = await judge(targets, '--runs', '5', '--filter', 'softmax*/{full,any}/{oracle,gradient}/f32');
    const verdicts = (adapter: string) =>
      Object.fromEntries(result.checks.filter((c) => c.adapter === adapter).map((c) => [c.id, c.class ?? c.verdict]));
    expect(verdicts('packed'), output).toMatchObject({
      'softmax/full/oracle/f32': 'unsupported',
      'softmax+packed/any/oracle/f32': 'pass',
      'softmax+packed/any/gradient/f32': 'pass',
    });
    expect(verdicts('leaks')['softmax+packed/any/oracle/f32'], output).toBe('value');
  });

  // in npm run test:e2e the next one is judged, and own-operators.every.test.ts has the same operator in this process
  it.skipIf(!asksAll)('an operator of one’s own is judged with every mask', async () => {
    const specs = fileURLToPath(new URL('../../../kernels/own-operators', import.meta.url));
    mkdirSync(join(folder, 'specs', 'profiles'), { recursive: true });
    cpSync(specs, join(folder, 'specs'), { recursive: true });
    const mine = {
      name: 'mine',
      version: 1,
      title: 'Mine',
      operators: ['my-sigmoid'],
      properties: ['oracle', 'visibility', 'empty-row', 'stateless'],
    };
    writeFileSync(join(folder, 'specs', 'profiles', 'mine.json'), JSON.stringify(mine));
    const filters = ['sigmoid::*/*/**', 'normalised::my-sigmoid/causal/oracle/f32'].flatMap((glob) => ['--filter', glob]);
    const targets = ['sigmoid', 'normalised'].map((name) => `${kernels}/sigmoid.py:${name}`);
    const { output, result } = await judge(targets, '--spec', 'specs', '--profile', 'mine', '--runs', '2', ...filters);
    const of = (adapter: string) => result.checks.filter((c) => c.adapter === adapter);
    expect(
      of('sigmoid').filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported'),
      output,
    ).toEqual([]);
    expect(of('sigmoid').filter(({ verdict }) => verdict === 'pass').length, output).toBeGreaterThan(30);
    expect(of('normalised').find(({ id }) => id === 'my-sigmoid/causal/oracle/f32')?.verdict, output).toBe('fail');
  });

  // native/named-tensors.test.ts has the same document
  it.skipIf(!asksAll)(
    'an operator whose tensors have names, kinds and axes of their own is judged, and a bad function leaves the others of its file',
    async () => {
      const specs = fileURLToPath(new URL('../../../kernels/named-tensors', import.meta.url));
      const targets = ['pool', 'forgets', 'misspelt', 'mistyped'].map((name) => `${kernels}/gated_pool.py:${name}`);
      const filters = ['full/{oracle,gradient}', 'causal/gradient', '+all/any/gradient'].flatMap((checks) => [
        '--filter',
        `gated-pool${checks.startsWith('+') ? '' : '/'}${checks}/f32`,
      ]);
      const { output, result } = await judge(targets, '--spec', specs, '--profile', 'named-tensors', '--runs', '4', ...filters);
      const of = (adapter: string) => result.checks.filter((c) => c.adapter === adapter);
      expect(failures({ ...result, checks: of('pool') }), output).toEqual([]);
      const passed = of('pool').flatMap(({ id, verdict }) => (verdict === 'pass' ? [id] : []));
      for (const id of ['gated-pool/full/oracle/f32', 'gated-pool/causal/gradient/f32', 'gated-pool+all/any/gradient/f32'])
        expect(passed, output).toContain(id);
      const classes = Object.fromEntries(of('forgets').map((c) => [c.id, c.class ?? c.verdict]));
      expect(classes, output).toMatchObject({ 'gated-pool/full/oracle/f32': 'value', 'gated-pool/full/gradient/f32': 'gradient' });
      const unavailable = result.adapters.flatMap((one) => ('unavailable' in one && one.unavailable ? [one.unavailable.reason] : []));
      expect(unavailable).toEqual([
        expect.stringContaining('the function has no argument gate; did you mean gaet?'),
        expect.stringContaining("dtypes: found 'float32'"),
      ]);
    },
  );

  it('faults get their verdicts, and prints do no harm', async () => {
    const expected = firstOf(
      [
        ['plain', 'pass'],
        ['unscaled', 'value'],
        ['raises', 'refused'],
        ['overclaims', 'value'],
        ['writes', 'mutated-input'],
      ] as const,
      3,
    );
    const targets = expected.map(([name]) => `${kernels}/several.py:${name}`);
    const { output, result } = await judge(targets, '--runs', '5', '--filter', 'softmax/full/oracle/f32');
    expect(Object.fromEntries(result.checks.map((c) => [c.adapter, c.class ?? c.verdict])), output).toEqual(Object.fromEntries(expected));
  });
});

describe.skipIf(pytest.missing)(title('checks under pytest', pytest), () => {
  const env = { ATTN_CTS: `${process.execPath} ${main}` };
  const example = readFileSync(asset('adapters/backends/python/examples/test_kernel.py'), 'utf8');
  const args = ['-m', 'pytest', '-p', 'no:cacheprovider', '-rs', '-v', 'test_kernel.py'];
  beforeAll(() => {
    cpSync(harness, join(folder, 'attn_cts.py'));
    writeFileSync(join(folder, 'test_kernel.py'), example.replace('"10"', '"3", "--filter", "softmax/{full,causal}/{oracle,gradient}/*"'));
  });

  it.skipIf(!asksAll)('are one test each, and skip what is not claimed', async () => {
    cpSync(template, join(folder, 'kernel.py'));
    const { code, output } = await run(pytest.python, args, env);
    expect(code, output).toBe(0);
    expect(output).toContain('test_kernel.py::test_kernel[softmax/causal/oracle/f32] PASSED');
    expect(output).toMatch(/SKIPPED .* unsupported: no gradients are claimed/);
    expect(output).toContain('2 passed, 2 skipped');
  });

  it.skipIf(asksAll)('fail with the minimal case and the line that replays it', async () => {
    writeFileSync(join(folder, 'kernel.py'), readFileSync(template, 'utf8').replace('axis=1)', 'axis=1) * 2').replace('+ n - m)', ')'));
    const { code, output } = await run(pytest.python, args, env);
    expect(code, output).toBe(1);
    expect(output).toContain('fail softmax/full/oracle/f32 (value)');
    expect(output).toMatch(/case {6}\{"operator": "softmax", "dims": \{"b": 1, .*"m": \d/);
    expect(output).toMatch(/at {8}o\[0, 0, 0, 0\]: expected -?[\d.e-]+, actual -?[\d.e-]+, bound/);
    expect(output).toMatch(/replay {4}\S.* replay .*failure\.json --adapter python:kernel\.py:attention/);
  });

  it.skipIf(!asksAll)('are an error of the collection where nothing can be judged', async () => {
    writeFileSync(join(folder, 'kernel.py'), 'attention = 3\n');
    writeFileSync(join(folder, 'test_kernel.py'), example);
    const { code, output } = await run(pytest.python, args, env);
    expect(code, output).not.toBe(0);
    expect(output).toContain('attention in kernel.py is a int, no function');
  });
});
