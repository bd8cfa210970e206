import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Case } from '../../../spec/types/documents.js';
import { HostSupervisor } from '../../../suites/runner/host/host-supervisor.js';
import { title } from '../../backend.js';
import { interpreter, misbehaves, python } from '../../kernels/misbehaves.js';
import { asksAll, firstOf } from '../../some.js';
import { kernelPath, runKernels } from './run-kernels.js';

const source = (way: string) => `process:${interpreter} ${misbehaves} ${way}`;

afterEach(() => void vi.unstubAllEnvs());

/** The case of so many queries and keys that the kernels of `small` claim. */
const caseWith = (n: number): Case => ({
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: n, n, d: 4, e: 4 },
  mask: { name: 'causal' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 0 },
});

describe('a kernel that writes to the channel of its host', () => {
  test.each(
    firstOf(
      [
        ['verdict', 'protocol'],
        ['null', 'protocol'],
        ['number', 'protocol'],
        ['length', 'protocol'],
        ['noise', 'protocol'],
        ['fault', 'protocol'],
        ['alive', 'protocol'],
      ] as const,
      3,
    ),
  )('costs its own case alone: %s', async (forgery, failureClass) => {
    vi.stubEnv('ATTN_FORGERY', forgery);
    const settings = { source: kernelPath('forges'), documents: [], dialect: {}, timeout: 5000, startTimeout: 60_000 };
    const supervisor = new HostSupervisor(settings, []);
    onTestFinished(() => supervisor.kill());
    const endsOf = async (...keys: number[]) =>
      (await supervisor.run(keys.map((n) => [{ command: 'forward', case: caseWith(n) }]))).map((end) =>
        end.kind === 'died' ? end.class : end.kind,
      );
    expect(await endsOf(19, 20, 19)).toEqual(['reply', failureClass]);
    expect(await endsOf(19)).toEqual(['reply']);
  });

  // which case was under way is what this one takes away
  test.skipIf(asksAll)('costs its own check alone: progress', async () => {
    vi.stubEnv('ATTN_FORGERY', 'progress');
    const { checks, complete } = await runKernels(['forges', 'correct'], { timeout: 5 });
    expect(complete).toBe(true);
    expect(checks.map((c) => [c.adapter, c.verdict, c.class])).toEqual([
      ['forges', 'crash', 'exit'],
      ['correct', 'pass', undefined],
    ]);
  });
});

describe('a kernel that dies after its last answer', () => {
  const filter = ['softmax/*/oracle/f32'];

  test.skipIf(asksAll)('has crashed, in the last check of its plan', async () => {
    const result = await runKernels(['dies-last', 'correct'], { filter, jobs: 2 });
    const checks = result.checks.filter((c) => c.verdict !== 'unsupported');
    const [last, ...others] = checks.filter((c) => c.adapter === 'dies-last').reverse();
    expect(last).toMatchObject({ verdict: 'crash', class: 'SIGABRT', reason: expect.stringMatching(/SIGABRT, after its last answer$/) });
    expect(others.map((c) => c.verdict)).toEqual(others.map(() => 'pass'));
    expect(checks.filter((c) => c.adapter === 'correct').every((c) => c.verdict === 'pass')).toBe(true);
  });

  test.skipIf(asksAll).each([
    ['abort', 'SIGABRT', /^the kernel's process died by signal SIGABRT, after its last answer$/],
    ['code', 'exit', /^the kernel's process exited with code 3, after its last answer$/],
  ])('has crashed when its process ends: %s', async (way, failureClass, reason) => {
    vi.stubEnv('ATTN_DEATH', way);
    const { checks } = await runKernels(['dies-at-exit'], { runs: 3 });
    expect(checks.map((c) => [c.verdict, c.class, c.reason])).toEqual([['crash', failureClass, expect.stringMatching(reason)]]);
  });

  test.skipIf(asksAll).each(['', 'runtime-abort'])(
    'has passed where it does not, or where a runtime is loaded that does: %j',
    async (way) => {
      vi.stubEnv('ATTN_DEATH', way);
      const { checks } = await runKernels(['dies-at-exit'], { runs: 3 });
      expect(checks.map((c) => [c.verdict, c.reason])).toEqual([['pass', undefined]]);
    },
  );

  test.skipIf(python.missing).each([
    ['dies-of-stop', 'SIGSEGV'],
    ['exits-of-stop', 'exit'],
    ['dies-at-exit', 'SIGABRT'],
    ['dies-late-at-exit', 'SIGABRT'],
  ])(title('is a process too: %s', python), async (way, failureClass) => {
    const { checks } = await runKernels([], { adapters: [source(way)], filter: ['softmax/full/oracle/f32'], runs: 3 });
    expect(checks.map((c) => [c.verdict, c.class, c.reason])).toEqual([
      ['crash', failureClass, expect.stringMatching(/, after its last answer$/)],
    ]);
  });
});

describe.skipIf(python.missing)(title('a process that does the same wrong thing whatever it is asked', python), () => {
  // one that dies costs a process for each call: npm run accept -- processes
  test.skipIf(!asksAll)('is given up after five checks: throws', async () => {
    const { checks } = await runKernels([], { adapters: [source('throws')], filter: [], runs: 6, jobs: 1 });
    const asked = checks.filter((c) => c.verdict !== 'unsupported');
    const ended = asked.filter((c) => c.verdict !== 'not-run');
    expect(ended).toHaveLength(5);
    expect(asked.length).toBeGreaterThan(5);
    const reasons = new Set(asked.filter((c) => c.verdict === 'not-run').map((c) => c.reason));
    expect([...reasons]).toEqual(['the adapter was given up: nothing passed, and 5 checks ended alike (each call is refused)']);
    for (const { failure } of ended) expect(failure).toMatchObject({ reproduced: 5 });
  });
});

test.skipIf(asksAll)('a random seed is drawn when the adapters have started', async () => {
  const met: string[] = [];
  const { seed } = await runKernels(
    ['correct'],
    { seed: 'random' },
    { onStart: () => met.push('start'), onSeed: (drawn) => met.push(`seed ${drawn}`), onPlan: () => met.push('plan') },
  );
  expect(met).toEqual(['start', `seed ${seed}`, 'plan']);
});
