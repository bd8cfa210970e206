import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { chunkAreas, dispatch } from '../../../adapters/parallel/programs/magi.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import type { Mask } from '../../../spec/types/documents.js';
import { library } from './support.js';

const areaOf = (chunks: readonly number[], areas: readonly number[]) => chunks.reduce((sum, chunk) => sum + areas[chunk], 0);
const worst = (dispatched: readonly (readonly number[])[], areas: readonly number[]) =>
  Math.max(...dispatched.map((x) => areaOf(x, areas)));

/** Areas of equally many chunks for each of some ranks. */
const worlds = (most: number) =>
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: most }))
    .chain(([ranks, perRank]) =>
      fc.tuple(fc.constant(ranks), fc.array(fc.nat(50), { minLength: ranks * perRank, maxLength: ranks * perRank })),
    );

/** The least largest area, over every way to give `perRank` chunks to each rank. */
function least(areas: readonly number[], ranks: number): number {
  const perRank = areas.length / ranks;
  const hands = Array.from({ length: ranks }, () => ({ count: 0, area: 0 }));
  let best = Infinity;
  const give = (chunk: number) => {
    if (chunk === areas.length) best = Math.min(best, Math.max(...hands.map(({ area }) => area)));
    for (const hand of chunk === areas.length ? [] : hands) {
      if (hand.count === perRank) continue;
      hand.count++;
      hand.area += areas[chunk];
      give(chunk + 1);
      hand.count--;
      hand.area -= areas[chunk];
    }
  };
  give(0);
  return best;
}

describe('dispatch', () => {
  test.prop([worlds(6)])('gives every chunk once, equally many to each rank, and does no worse than contiguous', ([ranks, areas]) => {
    const perRank = areas.length / ranks;
    const dispatched = dispatch(areas, ranks);
    expect(dispatched.map((chunks) => chunks.length)).toEqual(new Array(ranks).fill(perRank));
    expect(dispatched.flat().sort((x, y) => x - y)).toEqual(areas.map((_, chunk) => chunk));
    const contiguous = dispatched.map((_, rank) => areas.map((__, chunk) => chunk).slice(rank * perRank, (rank + 1) * perRank));
    expect(worst(dispatched, areas)).toBeLessThanOrEqual(worst(contiguous, areas));
  });

  test.prop([worlds(6)])('stays within the largest difference of a round of the mean', ([ranks, areas]) => {
    const falling = [...areas].sort((x, y) => y - x);
    const rounds = Array.from({ length: areas.length / ranks }, (_, x) => falling[x * ranks] - falling[(x + 1) * ranks - 1]);
    const mean = areas.reduce((x, y) => x + y, 0) / ranks;
    expect(worst(dispatch(areas, ranks), areas)).toBeLessThanOrEqual(mean + ((ranks - 1) / ranks) * Math.max(...rounds) + 1e-9);
  });

  test.prop([worlds(2)], { numRuns: 60 })('is at most 2 − 1/P times the least possible', ([ranks, areas]) => {
    expect(worst(dispatch(areas, ranks), areas)).toBeLessThanOrEqual((2 - 1 / ranks) * least(areas, ranks) + 1e-9);
  });

  it('deals what rises so that all have the same', () => {
    expect(dispatch([1, 2, 3, 4], 2)).toEqual([
      [0, 3],
      [1, 2],
    ]);
  });
});

describe('chunkAreas', () => {
  const of = (mask: Mask, b: number, heads: number, n: number, chunk: number, chunks: number) => [
    ...chunkAreas(compileMask(library, mask, { b, heads, m: n, n, causal: 'bottom-right', window: 'inclusive' }), chunk, chunks),
  ];

  it('counts the visible cells of each chunk', () => {
    expect(of({ name: 'causal' }, 1, 1, 6, 2, 3)).toEqual([3, 7, 11]);
    expect(of({ name: 'causal' }, 2, 3, 6, 2, 3)).toEqual([18, 42, 66]);
  });

  it('finds nothing in padding, and counts heads and batch entries apart', () => {
    expect(of({ name: 'full' }, 1, 1, 3, 2, 4)).toEqual([6, 3, 0, 0]);
    expect(of({ heads: [{ name: 'causal' }, { name: 'full' }] }, 1, 2, 2, 1, 2)).toEqual([3, 4]);
    expect(of({ name: 'padding', parameters: { lengths: [2, 0], side: 'right' } }, 2, 1, 2, 1, 2)).toEqual([2, 2]);
  });
});
