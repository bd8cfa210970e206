import { describe, expect, it } from 'vitest';
import { asksAll, runsOf } from '../some.js';
import { judgeKind } from './judge.js';
import { kinds } from './kinds.js';
import { seeds } from './seeds.js';

describe('a document that a stranger, a disk or malice has spoiled', () => {
  it.skipIf(asksAll)('is one of every kind that has good ones', () => {
    expect(Object.keys(kinds).sort()).toEqual(Object.keys(seeds).sort());
  });

  it.each(Object.keys(kinds))('is accepted, or refused with its place: %s', async (kind) => {
    const { wrong, accepted, refused, documents } = await judgeKind(kind, 0, runsOf(25, 60));
    expect(wrong).toEqual([]);
    expect(accepted + refused).toBe(documents);
    expect(refused).toBeGreaterThan(documents / 10);
  });
});
