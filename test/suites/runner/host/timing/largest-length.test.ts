import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LONGEST_DATA } from '../../../../../suites/runner/host/frames.js';
import { bytesOfTiming, largestThat, whyTooLarge } from '../../../../../suites/runner/host/timing/largest-length.js';

const dims = (n: number) => ({ b: 1, hk: 8, g: 8, m: n, n, d: 128, e: 128 });

it('a length that does not fit is named with the largest that does, which fits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 17 }),
      fc.integer({ min: 1, max: 64 }),
      fc.constantFrom('forward', 'backward'),
      (n, gib, pass) => {
        const free = gib * 2 ** 30;
        const why = whyTooLarge({ dims: dims(n), dtype: 'bf16' }, pass as 'forward', free);
        const { all, answer } = bytesOfTiming({ dims: dims(n), dtype: 'bf16' }, pass as 'forward');
        expect(why === undefined).toBe(all <= 0.8 * free && answer <= LONGEST_DATA);
        if (why === undefined) return;
        const [, text, unit = ''] = /largest length that fits is (\d+)(K?)$/.exec(why) ?? [];
        const largest = Number(text) * (unit === 'K' ? 1024 : 1);
        expect(largest).toBeLessThan(n);
        expect(whyTooLarge({ dims: dims(largest), dtype: 'bf16' }, pass as 'forward', free)).toBeUndefined();
      },
    ),
  );
});

it('counts what the tensors of a call have at least', () => {
  const { all, answer } = bytesOfTiming({ dims: dims(1024), dtype: 'f32' }, 'backward');
  expect(answer).toBe(4 * (64 * 1024 * 128 + 2 * 8 * 1024 * 128));
  // q, k, v, o, do and the three gradients in f32, and all of them once more in float64
  expect(all).toBeGreaterThan(3 * 4 * (4 * 64 * 1024 * 128 + 4 * 8 * 1024 * 128));
});

it('the largest number that holds is found, in whole K where it is that large', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), (least, limit) => {
      const found = largestThat((n) => n <= least, limit);
      const exact = Math.min(least, limit);
      expect(found).toBe(exact < 1024 ? exact : exact - (exact % 1024));
    }),
  );
});
