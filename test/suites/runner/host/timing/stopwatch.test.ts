import { describe, expect, it } from 'vitest';
import type { Call, Outputs } from '../../../../../adapters/kernel.js';
import { Stopwatch } from '../../../../../suites/runner/host/timing/stopwatch.js';

describe('a stopwatch', () => {
  const call = {} as Call;
  const answer: Outputs = {};

  it('does around a stand-in all that it does around the kernel, which it does not call', async () => {
    let called = 0;
    const kernel = {
      environment: {},
      forward: async () => {
        called++;
        return {};
      },
      time: async () => {
        called++;
        return { nanoseconds: [1], method: 'device' as const, outputs: {} };
      },
      async [Symbol.asyncDispose]() {},
    };
    for (const claimsTime of [false, true]) {
      const watch = new Stopwatch(kernel, claimsTime);
      const before = watch.last;
      watch.standIn = answer;
      expect(await watch.forward(call)).toBe(answer);
      expect(called).toBe(0);
      expect(watch.last).not.toBe(before);
      watch.standIn = undefined;
      await watch.forward(call);
      expect(called).toBe(1);
      expect(watch.last.told).toBe(claimsTime);
      called = 0;
    }
  });
});
