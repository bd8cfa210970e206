import { afterEach, describe, expect, test, vi } from 'vitest';
import { title } from '../../backend.js';
import { misbehaves, python } from '../../kernels/misbehaves.js';
import { runKernels } from './run-kernels.js';

const source = (way: string) => `process:python3 ${misbehaves} ${way}`;

afterEach(() => void vi.unstubAllEnvs());

describe('a kernel that writes to the channel of its host', () => {
  test.each([
    ['verdict', 'protocol'],
    ['null', 'protocol'],
    ['number', 'protocol'],
    ['length', 'protocol'],
    ['noise', 'protocol'],
    ['fault', 'protocol'],
    ['alive', 'protocol'],
    ['progress', 'exit-3'],
  ])('costs its own check alone: %s', async (forgery, failureClass) => {
    vi.stubEnv('ATTN_FORGERY', forgery);
    const { checks, complete } = await runKernels(['forges', 'correct'], { timeout: 5 });
    expect(complete).toBe(true);
    expect(checks.map((c) => [c.adapter, c.verdict, c.class])).toEqual([
      ['forges', 'crash', failureClass],
      ['correct', 'pass', undefined],
    ]);
    // which case was under way is what the last one takes away
    if (forgery !== 'progress') expect(checks[0].failure?.case.dims.n).toBe(20);
  });
});

describe('a kernel that dies after its last answer', () => {
  const filter = ['softmax/*/oracle/f32'];

  test('has crashed, in the last check of its plan', async () => {
    const result = await runKernels(['dies-last', 'correct'], { filter, jobs: 2 });
    const checks = result.checks.filter((c) => c.verdict !== 'unsupported');
    const [last, ...others] = checks.filter((c) => c.adapter === 'dies-last').reverse();
    expect(last).toMatchObject({ verdict: 'crash', class: 'SIGABRT', reason: expect.stringMatching(/SIGABRT, after its last answer$/) });
    expect(others.map((c) => c.verdict)).toEqual(others.map(() => 'pass'));
    expect(checks.filter((c) => c.adapter === 'correct').every((c) => c.verdict === 'pass')).toBe(true);
  });

  test.skipIf(python.missing).each([
    ['dies-of-stop', 'SIGSEGV'],
    ['exits-of-stop', 'exit-3'],
  ])(title('is a process too: %s', python), async (way, failureClass) => {
    const { checks } = await runKernels([], { adapters: [source(way)], filter: ['softmax/full/oracle/f32'], runs: 3 });
    expect(checks.map((c) => [c.verdict, c.class, c.reason])).toEqual([
      ['crash', failureClass, expect.stringMatching(/, after its last answer$/)],
    ]);
  });
});

describe.skipIf(python.missing)(title('a process that does the same wrong thing whatever it is asked', python), () => {
  test.each([
    ['segfault', 'crash SIGSEGV'],
    ['throws', 'each call is refused'],
  ])(
    'is given up after five checks: %s',
    async (way, kind) => {
      const { checks } = await runKernels([], { adapters: [source(way)], filter: [], runs: 6, jobs: 1 });
      const asked = checks.filter((c) => c.verdict !== 'unsupported');
      const ended = asked.filter((c) => c.verdict !== 'not-run');
      expect(ended).toHaveLength(5);
      expect(asked.length).toBeGreaterThan(5);
      const reasons = new Set(asked.filter((c) => c.verdict === 'not-run').map((c) => c.reason));
      expect([...reasons]).toEqual([`the adapter was given up: nothing passed, and 5 checks ended alike (${kind})`]);
      for (const { failure } of ended) expect(failure).toMatchObject({ reproduced: 5 });
    },
    240_000,
  );
});

test('a random seed is drawn when the adapters have started', async () => {
  const met: string[] = [];
  const { seed } = await runKernels(
    ['correct'],
    { seed: 'random' },
    { onStart: () => met.push('start'), onSeed: (drawn) => met.push(`seed ${drawn}`), onPlan: () => met.push('plan') },
  );
  expect(met).toEqual(['start', `seed ${seed}`, 'plan']);
});
