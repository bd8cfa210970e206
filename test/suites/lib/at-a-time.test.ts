import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { atATime } from '../../../suites/lib/at-a-time.js';

const tasks = fc.array(fc.nat(3), { maxLength: 12 });

it('calls for every item, never more than so many at a time, and keeps the order', async () => {
  await fc.assert(
    fc.asyncProperty(tasks, fc.integer({ min: 1, max: 4 }), async (waits, limit) => {
      let running = 0;
      let most = 0;
      const results = await atATime(waits, limit, async (wait, i) => {
        most = Math.max(most, ++running);
        await delay(wait);
        running--;
        return i;
      });
      expect(results).toEqual(waits.map((_, i) => i));
      expect(most).toBeLessThanOrEqual(limit);
    }),
    { numRuns: 30 },
  );
});

it('throws what a call threw, when every call that was begun has ended', async () => {
  const ended: number[] = [];
  const work = async (wait: number) => {
    await delay(wait);
    ended.push(wait);
    if (wait === 1) throw new Error('one');
  };
  await expect(atATime([1, 30], 2, work)).rejects.toThrow('one');
  expect(ended).toEqual([1, 30]);
});
