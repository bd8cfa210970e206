import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RoundRobin } from '../../../suites/bench/round-robin.js';

describe('turns', () => {
  it('let one go on at a time, each once a round, in the opposite order every other round', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), async (members, rounds) => {
        const turns = new RoundRobin(Array.from({ length: members }, (_, x) => x));
        const seen: number[] = [];
        let inside = 0;
        const loop = async (member: number) => {
          for (let round = 0; round < rounds; round++) {
            await turns.take(member, async () => {
              expect(++inside).toBe(1);
              await Promise.resolve();
              seen.push(member);
              inside--;
            });
          }
          turns.leave(member);
        };
        await Promise.all(Array.from({ length: members }, (_, x) => loop(x)));
        const up = Array.from({ length: members }, (_, x) => x);
        const expected = Array.from({ length: rounds }, (_, round) => (round % 2 === 0 ? up : [...up].reverse())).flat();
        expect(seen).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('go on without those that left, and after a step that failed', async () => {
    const turns = new RoundRobin([0, 1]);
    const first = turns.take(0, async () => {
      throw new Error('no');
    });
    const second = turns.take(1, async () => 'yes');
    await expect(first).rejects.toThrow('no');
    expect(await second).toBe('yes');
    turns.leave(0);
    expect(await turns.take(1, async () => 'alone')).toBe('alone');
  });
});
