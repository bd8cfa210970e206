import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, it } from 'vitest';
import { Claims } from '../../../spec/claims/claims.js';
import type { Costs } from '../../../spec/types/documents.js';
import type { Check } from '../../../suites/plan/plan.js';
import { costsOf } from '../../../suites/plan/shards/cost-table.js';
import { mergeResults } from '../../../suites/plan/shards/merge.js';
import { speedsOf, speedsOfJournal } from '../../../suites/runner/run/speeds.js';
import type { StartedAdapter } from '../../../suites/runner/run/start-adapters.js';
import { capable, library } from '../../generators/capable.js';
import { runKernels, scratch, timeless } from './run-kernels.js';

const options = { filter: ['softmax/{full,causal}/oracle/f32'], runs: 6, jobs: 1 };
const half = (index: number) => ({ index, count: 2 });

describe('the class of speed by which a run draws', () => {
  it('is measured, and kept in the result and the journal; a resumed run takes it from there', async () => {
    const out = scratch();
    const whole = await runKernels(['correct'], { ...options, out, speed: undefined });
    const [{ speed }] = whole.adapters;
    expect(['slow', 'medium', 'fast']).toContain(speed);
    const journal = join(out, 'journal.jsonl');
    const [first, ...rest] = readFileSync(journal, 'utf8').split('\n');
    expect(JSON.parse(first).speeds).toEqual({ correct: speed });
    writeFileSync(journal, [first, ...rest.slice(0, 2), ''].join('\n'));
    expect(timeless(await runKernels(['correct'], { ...options, out, speed: undefined, resume: true }))).toEqual(timeless(whole));
  });

  it('belongs to the plan: another is another plan', async () => {
    const out = scratch();
    const slow = await runKernels(['correct'], { ...options, out, speed: 'slow' });
    const fast = await runKernels(['correct'], { ...options, speed: 'fast' });
    expect(slow.adapters[0].speed).toBe('slow');
    expect(fast.adapters[0].speed).toBe('fast');
    expect(slow.plan.hash).not.toBe(fast.plan.hash);
    await expect(runKernels(['correct'], { ...options, out, speed: 'fast', resume: true })).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('another plan'),
    });
  });

  it('is, of shards, that of the flag, else that of the cost table, else the middle one; shards of two do not merge', async () => {
    const told = await runKernels(['correct'], { ...options, shard: half(1), speed: 'slow' });
    const middle = await runKernels(['correct'], { ...options, shard: half(2), speed: undefined });
    expect([told, middle].map(({ adapters }) => adapters[0].speed)).toEqual(['slow', 'medium']);
    expect(() =>
      mergeResults([
        { document: 'a', result: told },
        { document: 'b', result: middle },
      ]),
    ).toThrow(/\$\.adapters\[0\]\.speed.*"medium".*"slow".*--speed/s);
    const costs: Costs = costsOf(told.checks, told.adapters);
    expect(costs.speeds).toEqual({ correct: 'slow' });
    const by = await runKernels(['correct'], { ...options, shard: half(2), speed: undefined, costs });
    expect(by.adapters[0].speed).toBe('slow');
  });

  it('is the slowest, unmeasured, of an adapter of which every check has few cases', async () => {
    let asked = 0;
    const host = { ask: async () => ++asked && { kind: 'died' }, kill: async () => {} };
    const adapter = { result: { id: 'mine' }, host, claims: Claims.of(library, capable()), startSeconds: 1 } as unknown as StartedAdapter;
    const checks = (cases: number) => [{ adapter: 'mine', property: 'oracle', cases }] as unknown as Check[];
    expect(await speedsOf([adapter], checks(4), { startTimeout: 1 })).toEqual({ mine: 'slow' });
    expect(asked).toBe(0);
    expect(await speedsOf([adapter], [...checks(4), ...checks(5)], { startTimeout: 1 })).toEqual({ mine: 'medium' });
    expect(asked).toBe(1);
  });

  it('is not asked for where no case is of production sizes', async () => {
    const { adapters } = await runKernels(['correct'], {
      ...options,
      filter: ['softmax/any/size-boundary/f32'],
      runs: 1,
      speed: undefined,
    });
    expect(adapters[0]).not.toHaveProperty('speed');
  });
});

describe('the journal that it is taken from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attention-cts-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'journal.jsonl');
  test.prop([
    fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((x) => `{"speeds":${x}}`),
    ),
  ])('may hold anything', (text) => {
    writeFileSync(path, `${text}\n`);
    for (const speed of Object.values(speedsOfJournal(path) ?? {})) expect(['slow', 'medium', 'fast']).toContain(speed);
  });

  it('may be missing', () => {
    expect(speedsOfJournal(`${path}.none`)).toBeUndefined();
  });
});
