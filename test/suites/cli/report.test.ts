import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FailureData, SiteIndex, SiteParts } from '../../../reports/html/site-data.js';
import { encodeSafetensors } from '../../../spec/tensor/safetensors.js';
import { tensorOf } from '../../../spec/tensor/tensor.js';
import type { Failure, Result } from '../../../spec/types/documents.js';
import { simulated } from '../../reports/html/made-up-simulation.js';
import { check, madeUp, minimalCase } from '../../reports/made-up.js';
import { madeUpBench } from '../../reports/made-up-bench.js';

// as built: the pages lie beside it
const { runProgram } = (await import('../../../dist/suites/cli/program.js' as string)) as typeof import('../../../suites/cli/program.js');

const root = mkdtempSync(join(tmpdir(), 'attn-cts-report-'));
let folder: string;
let count = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));

const failing = check('mine', 'softmax/causal/oracle/f32', {
  verdict: 'fail',
  class: 'value',
  failure: {
    folder: 'failures/mine/x',
    case: minimalCase,
    output: 'o',
    index: [0, 0, 0, 0],
    expected: 1,
    actual: 2,
    bound: 0.1,
    reproduced: 5,
  },
});
const result: Result = { ...madeUp, checks: [failing] };

describe('attn-cts report', () => {
  beforeEach(() => {
    folder = join(root, String(count++));
    mkdirSync(join(folder, 'failures/mine/x'), { recursive: true });
    write('result.json', result);
    const adapter = { id: 'mine', title: 'mine', version: null, builtIn: false, capabilities: { dtypes: ['f32'], operators: ['softmax'] } };
    const document = {
      format: 1,
      check: failing.id,
      adapter,
      case: minimalCase,
      verdict: 'fail',
      stderr: 'said',
      suite: '0.1.0',
      spec: {},
      environment: {},
    };
    write('failures/mine/x/failure.json', document as Failure);
    for (const [name, value] of Object.entries({ expected: 1, actual: 2, bound: 0.1 })) {
      const bytes = encodeSafetensors({ o: tensorOf('f64', [1, 1, 1, 1], [value]) });
      writeFileSync(join(folder, `failures/mine/x/${name}.safetensors`), bytes);
    }
  });

  const write = (name: string, document: unknown) => writeFileSync(join(folder, name), JSON.stringify(document));

  async function run(...flags: string[]): Promise<{ code: number; said: string }> {
    let said = '';
    const spies = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        said += text;
        return true;
      }),
    );
    const code = await runProgram(['report', join(folder, 'result.json'), '--out', join(folder, 'site'), ...flags]);
    for (const spy of spies) spy.mockRestore();
    return { code, said };
  }

  function site(): { index: SiteIndex; failures: readonly FailureData[]; parts: SiteParts } {
    const window: { attentionCtsReport?: SiteIndex; attentionCtsParts?: SiteParts & Record<string, { failures: readonly FailureData[] }> } =
      {};
    const load = (file: string) => new Function('window', readFileSync(join(folder, 'site', file), 'utf8'))(window);
    load('data.js');
    for (const file of readdirSync(join(folder, 'site/data'))) load(`data/${file}`);
    const index = window.attentionCtsReport as SiteIndex;
    const parts = window.attentionCtsParts as NonNullable<typeof window.attentionCtsParts>;
    return { index, parts, failures: index.implementations.flatMap((_, i) => parts[`implementation-${i}`].failures) };
  }

  it('writes a site with what the failure folder holds, and again in its place', async () => {
    expect(await run('--title', 'Mine')).toEqual({ code: 0, said: `${join(folder, 'site/index.html')}\n` });
    expect(readdirSync(join(folder, 'site')).sort()).toEqual([
      'app.js',
      'badges',
      'charts.js',
      'data',
      'data.js',
      'failures',
      'implementations.json',
      'index.html',
      'style.css',
    ]);
    const { index, failures } = site();
    expect(index.title).toBe('Mine');
    expect(failures[0].pictures?.map((p) => p.cells)).toEqual(['40', '4']);
    expect(failures[0]).toMatchObject({ printed: 'said', placeholder: 'YOUR-KERNEL' });
    expect(failures[0].replay).toBe('npx attention-cts replay ./failures/0-0/failure.json --adapter YOUR-KERNEL');
    const names = ['failure.json', 'expected.safetensors', 'actual.safetensors', 'bound.safetensors'];
    expect(failures[0].files).toEqual({ folder: 'failures/0-0', names });
    for (const name of names) {
      expect(readFileSync(join(folder, 'site/failures/0-0', name))).toEqual(readFileSync(join(folder, 'failures/mine/x', name)));
    }
    expect((await run('--adapter', 'mine=./k.ts')).code).toBe(0);
    expect(site().failures[0].replay).toMatch(/ --adapter \.\/k\.ts$/);
    expect(readdirSync(folder).sort()).toEqual(['failures', 'result.json', 'site']);
  });

  it('copies of a large folder the document alone, or no folder where it is asked to', async () => {
    const beside = `npx attention-cts replay ${folder}/failures/mine/x/failure.json --adapter YOUR-KERNEL`;
    expect((await run('--no-files')).code).toBe(0);
    expect(site().failures[0]).toMatchObject({ replay: beside, pictures: [{}, {}] });
    expect(readdirSync(join(folder, 'site'))).not.toContain('failures');
    const large = encodeSafetensors({ q: tensorOf('f64', [2 ** 18, 1], new Float64Array(2 ** 18)) });
    writeFileSync(join(folder, 'failures/mine/x/inputs.safetensors'), large);
    expect((await run()).code).toBe(0);
    expect(site().failures[0]).toMatchObject({
      replay: 'npx attention-cts replay ./failures/0-0/failure.json --adapter YOUR-KERNEL',
      files: { folder: 'failures/0-0', names: ['failure.json'] },
      uncopied: expect.stringContaining('at most 2097152 are copied'),
    });
    expect(readdirSync(join(folder, 'site/failures/0-0'))).toEqual(['failure.json']);
  });

  it('takes timings and simulations along', async () => {
    write('bench.json', madeUpBench);
    write('sweep.json', [simulated('ring', 0.5)]);
    expect((await run('--bench', join(folder, 'bench.json'), '--simulate', join(folder, 'sweep.json'))).code).toBe(0);
    expect(site().parts.benches[0].timings).toHaveLength(madeUpBench.timings.length);
    expect(site().parts.simulations[0].points[0]).toMatchObject({ scheme: 'ring', share: 0.5 });
  });

  it('makes a site of timings without a result', async () => {
    write('bench.json', madeUpBench);
    const spy = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const code = await runProgram(['report', '--bench', join(folder, 'bench.json'), '--out', join(folder, 'site')]);
    spy.mockRestore();
    expect(code).toBe(0);
    expect(site().index).toMatchObject({ runs: [], implementations: [] });
    expect(site().parts.benches[0].timings).toHaveLength(madeUpBench.timings.length);
  });

  it('says why a known failure fails, with where that is written, from the site', async () => {
    const known = { check: 'softmax/**', verdict: 'fail', class: 'value', why: 'It is off by one: always.', finding: 'FINDINGS.md#one' };
    write('known.json', [known]);
    expect((await run('--expectations', join(folder, 'known.json'))).code).toBe(0);
    const [cause] = site().parts.causes;
    expect(cause).toMatchObject({ title: 'It is off by one', why: known.why, finding: '../FINDINGS.md#one' });
    write('known.json', [{ ...known, class: 'nan' }]);
    await run('--expectations', join(folder, 'known.json'));
    expect(site().parts.causes[0].why).toBeUndefined();
    expect(await run('--expectations', join(folder, 'gone.json'))).toMatchObject({
      code: 2,
      said: expect.stringContaining('no such file'),
    });
  });

  it.each([
    ['is gone', () => rmSync(join(folder, 'failures'), { recursive: true }), /no such folder/],
    [
      'is a link',
      () => [rmSync(join(folder, 'failures/mine'), { recursive: true }), symlinkSync(root, join(folder, 'failures/mine'))],
      /link/,
    ],
    [
      'holds a link',
      () => [
        rmSync(join(folder, 'failures/mine/x/actual.safetensors')),
        symlinkSync('/etc/passwd', join(folder, 'failures/mine/x/actual.safetensors')),
      ],
      /is a link or not a regular file/,
    ],
    ['holds no safetensors', () => writeFileSync(join(folder, 'failures/mine/x/bound.safetensors'), 'x'), /too few for a header/],
    ['holds another document', () => write('failures/mine/x/failure.json', {}), /failure\.json: at /],
  ])('says so where the folder of a failure %s', async (_, spoil, why) => {
    spoil();
    expect((await run()).code).toBe(0);
    expect(site().failures[0].pictures).toBeUndefined();
    expect(site().failures[0].unpictured).toMatch(why);
    expect(existsSync(join(folder, 'site/failures'))).toBe(false);
  });

  it.each([
    ['is incomplete', () => write('result.json', { ...result, complete: false }), [], /\$\.complete/],
    ['is torn', () => writeFileSync(join(folder, 'result.json'), '{"format":1,'), [], /not JSON/],
    [
      'has a folder that escapes',
      () => write('result.json', { ...result, checks: [{ ...failing, failure: { ...failing.failure, folder: 'a/../../b' } }] }),
      [],
      /folder/,
    ],
    ['comes with no power document', () => write('power.json', { mutants: [{}] }), ['--power', 'power.json'], /power\.json/],
    [
      'comes with a torn bench document',
      () => writeFileSync(join(folder, 'bench.json'), '{'),
      ['--bench', 'bench.json'],
      /bench\.json: at \$/,
    ],
    ['comes with other simulations', () => write('sweep.json', [{ scheme: 'x' }]), ['--simulate', 'sweep.json'], /sweep\.json: at \$\[0\]/],
    ['comes with an adapter without id', () => {}, ['--adapter', './k.ts'], /--adapter: found/],
  ])('refuses a result that %s, and writes nothing', async (_, spoil, flags, why) => {
    spoil();
    const { code, said } = await run(...flags.map((f) => (f.endsWith('.json') ? join(folder, f) : f)));
    expect(code).toBe(2);
    expect(said).toMatch(why);
    expect(existsSync(join(folder, 'site'))).toBe(false);
  });

  it('replaces no folder that holds anything else', async () => {
    mkdirSync(join(folder, 'site'));
    write('site/thesis.json', {});
    expect(await run()).toMatchObject({ code: 2, said: expect.stringContaining('exists and is not a report') });
    expect(readdirSync(join(folder, 'site'))).toEqual(['thesis.json']);
    // failures of a run are no site either
    expect(await run('--out', join(folder, 'failures'))).toMatchObject({ code: 2 });
    rmSync(join(folder, 'site/thesis.json'));
    mkdirSync(join(folder, 'site/failures'));
    expect(await run()).toMatchObject({ code: 2 });
  });
});
