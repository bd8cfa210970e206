import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { Candidate } from '../../../suites/bench/candidate.js';
import { measure, someOf } from '../../../suites/bench/measure.js';
import { type BenchProblem, workloadsOf } from '../../../suites/bench/problems.js';
import type { Host } from '../../../suites/runner/host/host.js';
import type { ToHost } from '../../../suites/runner/host/wire.js';
import type { Judging } from '../../../suites/runner/run/supervisor.js';

const [[problem]] = workloadsOf(createLibrary(), {
  operator: 'softmax',
  masks: ['causal'],
  lengths: [16],
  dtypes: ['f32'],
  passes: ['forward'],
  sizes: { b: 1, hk: 1, g: 1, d: 4 },
  schemes: [],
  ranks: [],
  transport: 'workers',
  seed: 9,
});

/**
 * A host that computes nothing; it remembers the values of every call that counted, and of those whose answers were judged.
 * @param lag milliseconds that the answer to a single call comes late, beside the milliseconds that it claims for it.
 */
function race(of: BenchProblem, lag: (call: number) => number = () => 0, milliseconds = 1e-6) {
  const timed: number[] = [];
  const judged: number[] = [];
  let seed = -1;
  const host = {
    async ask(message: ToHost) {
      await turn();
      if (message.type === 'prepare') {
        seed = message.calls[0]?.case.values.seed ?? -1;
        return { type: 'prepared' };
      }
      if (message.type !== 'time') throw new Error(message.type);
      if (!message.idle) {
        const late = message.repeats === 1 ? lag(timed.push(seed)) : 0;
        vi.advanceTimersByTime(late + milliseconds * (message.repeats ?? 1));
      }
      const measured = { nanoseconds: milliseconds * 1e6, method: 'wall', told: false, peakBytes: 0 };
      const kept = message.keep && { outputs: {}, after: { changed: [], busy: 0 } };
      return { type: 'timed', timed: { ...measured, ...kept }, data: new Uint8Array(0) };
    },
  } as unknown as Host;
  const judges: Judging = {
    async judge({ cases }) {
      judged.push(...cases.map(({ case: c }) => c.values.seed));
      return { outcomes: cases.map(() => ({ status: 'pass' })), segments: [] } as unknown as Awaited<ReturnType<Judging['judge']>>;
    },
    failureTensors: () => Promise.reject(new Error('nothing is explained here')),
  };
  return { candidate: new Candidate('nobody', of, host, 0, judges, { call: 1000, first: 1000 }), timed, judged };
}

// the clock is the test's own: nothing else that the machine does is in the times
beforeAll(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterAll(() => void vi.useRealTimers());

/** Numbers in [0, 1), by Lehmer's generator. */
function numbersFrom(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

describe('a measurement', () => {
  it('times no values twice, and judges as many answers as it says, wherever they lie', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 40 }), fc.nat(), async (calls, seed) => {
        const { candidate, timed, judged } = race(problem);
        const budget = { time: 0, fewest: calls, most: calls };
        const [{ verdict, judged: told, reason }] = await measure([candidate], undefined, budget, numbersFrom(seed));
        expect(verdict, reason).toBe('timed');
        const counted = timed.slice(-calls);
        expect(new Set(counted).size).toBe(calls);
        expect(timed.slice(0, -calls).some((values) => counted.includes(values))).toBe(false);
        expect(told).toBe(3);
        expect(new Set(judged).size).toBe(3);
        expect(judged.every((values) => counted.includes(values))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('timed calls that seem to hide work', () => {
  const budget = { time: 0, fewest: 6, most: 6 };
  const warmups = 3;

  it('are made again: a burst of other work makes nobody a liar', async () => {
    const { candidate } = race(problem, (call) => (call > warmups && call <= warmups + budget.most ? 60 : 0), 2);
    const [{ verdict, reason }] = await measure([candidate], undefined, budget, numbersFrom(0));
    expect(verdict, reason).toBe('timed');
  });

  it('are wrong where they do so every time', async () => {
    const { candidate } = race(problem, () => 60, 2);
    const [{ verdict, reason }] = await measure([candidate], undefined, budget, numbersFrom(0));
    expect(verdict).toBe('wrong');
    expect(reason).toMatch(/it claims 2 ms a call, and \d+/);
  });
});

describe('some of a number of calls', () => {
  it('are distinct, and each call is among them about as often as any other', () => {
    const counts = new Array<number>(10).fill(0);
    const rounds = 3000;
    const random = numbersFrom(0);
    for (let round = 0; round < rounds; round++) for (const at of someOf(10, 3, random)) counts[at]++;
    for (const count of counts) expect(Math.abs(count / rounds - 0.3)).toBeLessThan(0.05);
    expect([...someOf(2, 3, random)].sort()).toEqual([0, 1]);
  });

  it('can be chosen by numbers that all lie near 1, or near 0', () => {
    expect(someOf(12, 3, () => 0.999).size).toBe(3);
    expect(someOf(12, 3, () => 0).size).toBe(3);
  });
});
