import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { CheckResult, Result } from '../../../spec/types/documents.js';
import { check, madeUp, minimalCase } from '../../reports/made-up.js';

// as built: kernels are judged in processes of their own
const { runProgram } = (await import('../../../dist/suites/cli/program.js' as string)) as typeof import('../../../suites/cli/program.js');

const folder = mkdtempSync(join(tmpdir(), 'attn-cts-verify-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const capabilities = { dtypes: ['f32'], operators: ['softmax'], masks: ['full'] } as const;
const adapters = ['reference', 'mine'].map((id) => ({ ...madeUp.adapters[0], id, capabilities })) as unknown as Result['adapters'];
const passing = check('reference', 'softmax/full/oracle/f32', {});
const failing = check('reference', 'softmax/full/oracle/f32', {
  verdict: 'fail',
  class: 'value',
  failure: { case: { ...minimalCase, mask: { name: 'full' }, options: {} }, reproduced: 5 },
});

async function verify(checks: readonly CheckResult[], ...flags: string[]): Promise<{ code: number; said: string }> {
  const file = join(folder, 'result.json');
  writeFileSync(file, JSON.stringify({ ...madeUp, adapters, checks, profiles: [] }));
  let said = '';
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += text;
      return true;
    }),
  );
  const code = await runProgram(['verify', file, '--runs', '1', ...flags]);
  for (const spy of spies) spy.mockRestore();
  return { code, said };
}

describe('attn-cts verify', () => {
  it('judges a check that passed again', async () => {
    const { code, said } = await verify([passing]);
    expect(said).toContain('1 of 1 check that were judged again agree');
    expect(code).toBe(0);
  });

  it('says where a kernel passes the case that the document says it fails', async () => {
    const { code, said } = await verify([failing], '--json');
    expect(JSON.parse(said).checks).toEqual([
      { adapter: 'reference', id: failing.id, verdict: 'fail', now: { verdict: 'pass' }, outcome: 'disagrees' },
    ]);
    expect(code).toBe(1);
  });

  it('starts nothing that a document names but what is built in', async () => {
    const { code, said } = await verify([check('mine', 'softmax/full/oracle/f32', {})]);
    expect(said).toContain('not judged: mine: it is not a built-in adapter: name it, such as --adapter mine=./kernel.ts (1 check)');
    expect(said).toContain('no check could be judged again');
    expect(code).toBe(3);
  });

  it('refuses a document that is not valid', async () => {
    expect((await verify([passing, passing])).code).toBe(2);
    expect((await verify([passing], '--adapter', 'x')).code).toBe(2);
  });
});
