import { describe, expect, test } from 'vitest';
import { checkDocument } from '../../../spec/lib/documents.js';
import type { CheckResult } from '../../../spec/types/documents.js';
import { runSuite, type SuiteOptions } from '../../../suites/page/run-suite.js';
import { type Behaviour, FakeWorkers, implementation } from './fake-workers.js';

const quiet = { onPlan: () => {}, onBegin: () => {}, onCases: () => {}, onCheck: () => {} };

function run(workers: FakeWorkers, changes: Partial<SuiteOptions> = {}, events: Partial<typeof quiet> = {}) {
  return runSuite(
    {
      implementation,
      profiles: ['core'],
      filter: ['softmax/causal/**'],
      runs: 3,
      seed: 0,
      timeout: 300,
      startTimeout: 2000,
      signal: new AbortController().signal,
      startWorker: workers.start,
      ...changes,
    },
    { ...quiet, ...events },
  );
}

const always = (behaviour: Behaviour) => new FakeWorkers(() => behaviour);
const verdicts = ({ checks }: { checks: readonly CheckResult[] }) => checks.map(({ verdict }) => verdict);

describe('a run in a page', () => {
  test('gives a result document like that of a process', async () => {
    const workers = always('works');
    const result = await run(workers, { profiles: ['training'] });
    expect(checkDocument('result', result, 'result.json')).toBe(result);
    expect(result).toMatchObject({
      seed: 0,
      plan: { hash: expect.stringMatching(/^[0-9a-f]{16}$/), runs: 3, shard: null },
      adapters: [{ id: implementation.id, environment: { browser: 'made up' }, dialect: { causal: { from: 'default' } } }],
      profiles: [{ name: 'training@1', pass: 3 }],
      complete: true,
    });
    expect(result.checks.map(({ id, verdict, cases }) => [id, verdict, cases])).toEqual([
      ['softmax/causal/oracle/f32', 'pass', 6],
      ['softmax/causal/visibility/f32', 'pass', 3],
      ['softmax/causal/gradient/f32', 'pass', 6],
    ]);
    // two workers, both ended
    expect([workers.kernelStarts, workers.terminated]).toEqual([1, 2]);
  });

  test('is the same whenever it is run, and another with another seed', async () => {
    const bare = async (seed: number) =>
      (await run(always('works'), { seed })).checks.map(({ milliseconds: _, ...check }) => JSON.stringify(check)).join();
    expect(await bare(1)).toBe(await bare(1));
    expect(await bare(2)).not.toBe(await bare(1));
  });

  test('shrinks a failure to its smallest case', async () => {
    const { checks } = await run(always('wrong'), { filter: ['softmax/full/oracle/f32'] });
    expect(checks[0]).toMatchObject({
      verdict: 'fail',
      class: 'value',
      failure: { case: { dims: { b: 1, hk: 1, g: 1, m: 1, n: 1, d: 1, e: 1 } }, output: 'o', actual: 0, reproduced: 5 },
    });
    expect(checks[0].failure).not.toHaveProperty('folder');
  });

  test('a kernel that throws has refused', async () => {
    const { checks } = await run(always('throws'));
    expect(checks[0]).toMatchObject({
      verdict: 'fail',
      class: 'refused',
      failure: { message: expect.stringContaining('does not compile') },
    });
  });

  test('the watchdog ends a worker that hangs: a timeout, and the next check has a new one', async () => {
    const workers = new FakeWorkers((_, start) => (start === 1 ? 'hangs' : 'works'));
    const result = await run(workers, { startTimeout: 300 });
    expect(verdicts(result)).toEqual(['timeout', 'pass']);
    expect(workers.kernelStarts).toBe(2);
  });

  test('three timeouts and the kernel is given up', async () => {
    const result = await run(always('hangs'), { startTimeout: 50, timeout: 50, filter: ['softmax/*/oracle/f32'] });
    expect(verdicts(result).slice(0, 4)).toEqual(['timeout', 'timeout', 'timeout', 'not-run']);
    expect(result.checks.at(-1)).toMatchObject({ verdict: 'not-run', reason: expect.stringContaining('given up') });
  });

  test('a worker that dies is a crash, shrunk with workers anew', async () => {
    const workers = new FakeWorkers(({ case: c }) => (c.dims.n > 2 ? 'ends' : 'works'));
    const { checks } = await run(workers, { filter: ['softmax/full/oracle/f32'], runs: 10 });
    expect(checks[0]).toMatchObject({ verdict: 'crash', class: 'worker', failure: { case: { dims: { n: 3 } }, reproduced: 5 } });
    expect(workers.kernelStarts).toBeGreaterThan(5);
  });

  test('a device that is lost once costs no verdict', async () => {
    let lost = false;
    const workers = new FakeWorkers((_, start) => {
      if (start > 1 || lost) return 'works';
      lost = true;
      return 'loses-device';
    });
    expect(verdicts(await run(workers))).toEqual(['pass', 'pass']);
    expect(workers.kernelStarts).toBe(2);
  });

  test('stopped, it says what was not run, and ends at once even where a call hangs', async () => {
    const controller = new AbortController();
    const began: string[] = [];
    const result = await run(
      always('hangs'),
      { signal: controller.signal, startTimeout: 60_000 },
      {
        onBegin: () => {
          began.push('check');
          setTimeout(() => controller.abort(), 50);
        },
      },
    );
    expect(began).toHaveLength(1);
    expect(verdicts(result)).toEqual(['not-run', 'not-run']);
    expect(result.complete).toBe(true);
  });

  test('without a GPU, or an answer, it is unavailable, with the remedy', async () => {
    const missing = always('works');
    missing.gpu = 'missing';
    await expect(run(missing)).rejects.toThrow(expect.objectContaining({ name: 'Unavailable', remedy: 'another browser' }));
    const silent = always('works');
    silent.gpu = 'silent';
    await expect(run(silent, { startTimeout: 50 })).rejects.toThrow(/no answer within 0.05 s/);
    expect(silent.terminated).toBe(1);
  });

  test('a filter that matches nothing is a usage error, and the worker is ended', async () => {
    const workers = always('works');
    await expect(run(workers, { filter: ['nothing/**'] })).rejects.toThrow(expect.objectContaining({ name: 'UsageError' }));
    expect(workers.terminated).toBe(2);
  });
});
