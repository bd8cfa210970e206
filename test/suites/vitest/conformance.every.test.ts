import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { conformance } from '../../../suites/vitest/index.js';
import { adapterOf, Flash } from '../../kernels/flash.js';
import { asksAll } from '../../some.js';

const fixtures = join(import.meta.dirname, 'fixtures');
const folder = mkdtempSync(join(tmpdir(), 'attn-cts-vitest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Assertion {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

/** Runs the tests of a file in a vitest of their own. Returns the result of each test by its full name. */
async function testsOf(file: string, env: Readonly<Record<string, string>> = {}): Promise<Map<string, Assertion>> {
  const output = join(folder, `${file}.json`);
  const vitest = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--root', fixtures, '--reporter', 'json', '--outputFile', output, file];
  // a run with failed tests exits 1
  await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } }).catch(() => {});
  const { testResults } = JSON.parse(readFileSync(output, 'utf8')) as { testResults: { message: string; assertionResults: Assertion[] }[] };
  for (const { message } of testResults) expect(message).toBe('');
  return new Map(testResults.flatMap((r) => r.assertionResults.map((a) => [a.fullName, a])));
}

const statuses = (tests: Map<string, Assertion>) => Object.fromEntries([...tests].map(([name, { status }]) => [name, status]));

describe('conformance in a vitest run of somebody else', () => {
  it.skipIf(asksAll)('adds the checks of adapters that it starts, and says how one failed', async () => {
    const tests = await testsOf('conformance.fixture.ts', { ATTN_FAULT: 'diagonal-dropped', CONFORMANCE_OUT: folder });
    expect(statuses(tests)).toEqual({
      'reference softmax/causal/oracle/f32': 'passed',
      'reference softmax/padding/oracle/f32': 'passed',
      'diagonal-dropped softmax/causal/oracle/f32': 'failed',
      'diagonal-dropped softmax/padding/oracle/f32': 'passed',
    });
    const [message] = (tests.get('diagonal-dropped softmax/causal/oracle/f32') as Assertion).failureMessages;
    expect(message).toMatch(/fail \(.*\)\ncase {6}.*m=1 .*n=1/s);
    const replay = /attention-cts replay (\S+failure\.json) --adapter \S+faulty\.ts/.exec(message);
    expect(existsSync(replay?.[1] ?? '')).toBe(true);
  });

  it.skipIf(!asksAll)('adds those of adapters that the test holds; a known failure passes, and fails once it is mended', async () => {
    const tests = await testsOf('own.fixture.ts');
    expect(statuses(tests)).toMatchObject({
      'right softmax/sliding-window/oracle/f32': 'passed',
      'wide softmax/causal/oracle/f32': 'passed',
      'wide softmax/sliding-window/oracle/f32': 'failed',
      'known softmax/sliding-window/oracle/f32': 'passed',
      'stale softmax/causal/oracle/f32': 'failed',
    });
    expect(tests.get('stale softmax/causal/oracle/f32')?.failureMessages[0]).toContain('an expected failure that passes');
    const skipped = [...tests].filter(([, { status }]) => status === 'skipped').map(([name]) => name);
    for (const name of skipped) expect(name).toMatch(/\(unsupported: .+\)$/);
  });

  it('closes the kernel where its checks are refused', async () => {
    const adapter = adapterOf('right', 'without a fault', new Flash());
    let open = 0;
    const opening: typeof adapter.open = async () => {
      const kernel = await adapter.open();
      open++;
      return Object.assign(kernel, { [Symbol.asyncDispose]: async () => void open-- });
    };
    await expect(conformance({ ...adapter, open: opening }, { filter: ['sofmax/**'] })).rejects.toThrow('sofmax');
    expect(open).toBe(0);
  });
});
