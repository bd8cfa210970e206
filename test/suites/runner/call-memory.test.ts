import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CallSpec } from '../../../suites/contract/property.js';
import { bytesOfCall, whyTooLong } from '../../../suites/runner/host/timing/call-memory.js';

const call = (n: number, m: number, command: CallSpec['command']): CallSpec => ({
  command,
  case: {
    operator: 'softmax',
    dims: { b: 1, hk: 1, g: 2, m, n, d: 128, e: 128 },
    mask: { name: 'causal' },
    options: {},
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'targeted', seed: 0 },
  },
});

it('a length that memory does not allow is refused with the largest that it does', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 22 }),
      fc.boolean(),
      fc.constantFrom('forward' as const, 'backward' as const),
      fc.integer({ min: 2 ** 28, max: 2 ** 36 }),
      (n, decodes, command, free) => {
        const own = (tokens: number) => call(tokens, decodes ? 1 : tokens, command);
        const why = whyTooLong(own(n), free);
        expect(why === undefined).toBe(bytesOfCall(own(n)) <= free);
        if (why === undefined) return;
        const [, count, unit] = /largest length that fits is (\d+)([KM]?)$/.exec(why) ?? [];
        const largest = Number(count) * (unit === 'M' ? 2 ** 20 : unit === 'K' ? 2 ** 10 : 1);
        expect(largest).toBeLessThan(n);
        expect(whyTooLong(own(largest), free)).toBeUndefined();
      },
    ),
    { numRuns: 50 },
  );
});

it('small calls are made whatever is free', () => {
  expect(whyTooLong(call(1000, 1000, 'backward'), 0)).toBeUndefined();
});
