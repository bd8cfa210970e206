import { describe, expect, it } from 'vitest';
import { placesOf } from '../../../spec/positions.js';
import { layoutOf, unmetNeed, worldOf } from '../../../spec/scheme/world.js';
import { dims, schemeNamed } from './support.js';

const full = { name: 'full' };
const places = (scheme: string, n: number, ranks: number) =>
  layoutOf(worldOf(schemeNamed(scheme), dims({ m: n, n }), ranks)).map((segments) => [...placesOf(segments)]);

describe('where tokens lie', () => {
  it('is as in the papers', () => {
    expect(places('ring', 4, 2)).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(places('ring-zigzag', 8, 2)).toEqual([
      [0, 1, 6, 7],
      [2, 3, 4, 5],
    ]);
    expect(places('ring-striped', 4, 2)).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(places('tree-decode', 5, 4)).toEqual([[0, 1], [2, 3], [4], []]);
    expect(places('dist-attention', 10, 3)).toEqual([[], [0, 1, 2, 3, 8, 9], [4, 5, 6, 7]]);
  });

  it.each(['ring', 'ring-zigzag', 'ring-striped', 'lightseq', 'tree-decode', 'dist-attention'])(
    'is one rank for each token: %s',
    (scheme) => {
      for (let ranks = 1; ranks <= 8; ranks++) {
        for (let n = 1; n <= 40; n++) {
          const all = places(scheme, n, ranks).flat();
          const { padded } = worldOf(schemeNamed(scheme), dims({ m: n, n }), ranks);
          expect(all.sort((x, y) => x - y)).toEqual(Array.from({ length: padded }, (_, t) => t));
        }
      }
    },
  );
});

describe('what a scheme cannot compute', () => {
  it('is a mask that its document does not list', () => {
    const world = worldOf(schemeNamed('lightseq'), dims({ m: 4, n: 4 }), 2);
    expect(unmetNeed(world, { name: 'causal' })).toBeUndefined();
    expect(unmetNeed(world, full)).toBe('it is right for the masks causal, found full');
    expect(unmetNeed(world, { and: [{ name: 'causal' }] })).toBe('it is right for the masks causal, found a composed one');
  });

  it('is m ≠ n, where queries lie with their tokens', () => {
    expect(unmetNeed(worldOf(schemeNamed('ring'), dims({ m: 3, n: 4 }), 2), full)).toMatch(/m = n is needed, found m = 3, n = 4/);
    expect(unmetNeed(worldOf(schemeNamed('tree-decode'), dims({ m: 3, n: 4 }), 2), full)).toBeUndefined();
  });

  it('is what a need excludes, or a number of tokens that is refused', () => {
    const scheme = { ...schemeNamed('ring'), uneven: 'refuse' as const, needs: [{ holds: ['=', 'b', 1], text: 'one batch entry' }] };
    expect(unmetNeed(worldOf(scheme, dims({ b: 2, m: 4, n: 4 }), 2), full)).toBe('one batch entry');
    expect(unmetNeed(worldOf(scheme, dims({ m: 5, n: 5 }), 2), full)).toBe('the number of tokens, 5, is no multiple of 2');
    expect(unmetNeed(worldOf(scheme, dims({ m: 4, n: 4 }), 2), full)).toBeUndefined();
  });
});
