import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmurHash } from '../../../../spec/lib/hash.js';
import { blockIndex, chooseInAll, chooseInRows, evenEdges, unevenEdges } from '../../../../spec/mask/tables/blocks.js';

describe('blocks', () => {
  it('has edges that rise from 0 to the length', () => {
    expect([...evenEdges(10, 4)]).toEqual([0, 4, 8, 10]);
    expect([...evenEdges(3, 4)]).toEqual([0, 3]);
    expect([...unevenEdges(1, 5, 9, 4)]).toEqual([0, 1]);
  });

  it('draws uneven sizes about their mean, none below the least', () => {
    const edges = unevenEdges(100_000, 11, 40, 10);
    const sizes = Array.from(edges.subarray(1), (edge, x) => edge - edges[x]);
    expect(Math.min(...sizes)).toBe(10);
    // the last block also takes what remains
    expect(Math.max(...sizes.slice(0, -1))).toBe(70);
    expect(Math.abs(100_000 / sizes.length - 40)).toBeLessThan(2);
  });

  it('knows the block of each token', () => {
    expect([...blockIndex(Int32Array.of(0, 2, 3, 6))]).toEqual([0, 0, 1, 2, 2, 2]);
  });

  it('chooses by a share, without favour', () => {
    const rows = 64;
    const counts = new Array<number>(8).fill(0);
    for (let seed = 0; seed < 50; seed++) {
      for (const [cell, one] of chooseInRows(rows, 8, 0.25, seed).entries()) counts[cell % 8] += one;
    }
    expect(counts.reduce((a, b) => a + b)).toBe(50 * rows * 2);
    for (const count of counts) expect(Math.abs(count - 800)).toBeLessThan(120);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (m, n, share, seed) => {
          const sum = chooseInAll(m, n, share, seed).reduce((a, b) => a + b, 0);
          expect(sum).toBe(Math.max(1, Math.round(share * m * n)));
        },
      ),
    );
  });
});

it('hashes to 32 bits, the same everywhere', () => {
  expect([murmurHash(0, 0, 0), murmurHash(1, 2, 3), murmurHash(2 ** 32 - 1, -1, 2 ** 31)]).toEqual([0x63852afc, 2920678231, 1985051275]);
  const seen = new Set<number>();
  for (let x = 0; x < 100; x++) for (let y = 0; y < 100; y++) seen.add(murmurHash(7, x, y));
  expect(seen.size).toBeGreaterThan(9990);
});
