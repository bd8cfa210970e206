import { expect, it } from 'vitest';
import { PendingSends } from '../../../adapters/parallel/collectives/pending-sends.js';

const never = new Promise<void>(() => {});

it('gives what arrives', async () => {
  const sends = new PendingSends();
  sends.add(never);
  expect(await sends.during(Promise.resolve(3))).toBe(3);
});

it('ends a wait where a send fails, before it or in it', async () => {
  const sends = new PendingSends();
  let fail = (_: Error) => {};
  sends.add(new Promise<void>((_, reject) => (fail = reject)));
  const waiting = sends.during(never);
  fail(new Error('the other end is gone'));
  await expect(waiting).rejects.toThrow('the other end is gone');
  await expect(sends.during(never)).rejects.toThrow('the other end is gone');
  await expect(sends.all()).rejects.toThrow('the other end is gone');
});
