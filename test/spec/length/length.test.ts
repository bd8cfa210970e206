import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { checkLengthDistribution } from '../../../spec/length/check.js';
import { drawLengths } from '../../../spec/length/draw.js';
import { lengthDocuments } from '../../../spec/lengths/index.js';
import { checkDocument, DocumentError } from '../../../spec/lib/documents.js';
import { createLibrary } from '../../../spec/library.js';
import type { LengthDistribution } from '../../../spec/types/documents.js';

const known = new Map(lengthDocuments.map((distribution) => [distribution.name, distribution]));
const pile = known.get('pile') as LengthDistribution;
const pileLong = known.get('pile-long') as LengthDistribution;

function fault(change: object): DocumentError {
  try {
    createLibrary([{ kind: 'lengthDistribution', document: 'own.json', value: { ...pileLong, name: 'own', ...change } }]);
  } catch (error) {
    if (error instanceof DocumentError) return error;
    throw error;
  }
  throw new Error('the distribution was accepted');
}

/** Counts of the lengths that lie in each interval. */
function histogram({ edges = [] }: LengthDistribution, lengths: readonly number[]): number[] {
  const found = new Array<number>(edges.length - 1).fill(0);
  for (const length of lengths) found[edges.findLastIndex((edge) => edge <= length)]++;
  return found;
}

describe('a length distribution', () => {
  it.each(lengthDocuments.map((distribution) => [distribution.name, distribution] as const))('%s holds', (_, distribution) => {
    checkLengthDistribution(checkDocument('lengthDistribution', distribution, distribution.name));
    expect(createLibrary().lengths.get(distribution.name)).toBe(distribution);
  });

  it.each<[object, string]>([
    [{ parts: undefined }, '$'],
    [{ edges: [0, 1] }, '$.edges'],
    [
      {
        parts: [
          { share: 0.4, like: 'pile' },
          { share: 0.5, like: 'pile' },
        ],
      },
      '$.parts',
    ],
    [
      {
        parts: [
          { share: 0.4, like: 'pile' },
          { share: 0.6, like: 'pyle' },
        ],
      },
      '$.parts[1].like',
    ],
    [
      {
        parts: [
          { share: 0.4, like: 'pile' },
          { share: 0.6, like: 'pile-long' },
        ],
      },
      '$.parts[1].like',
    ],
    [
      {
        parts: [
          { share: 0.4, like: 'pile', weights: [1] },
          { share: 0.6, like: 'pile' },
        ],
      },
      '$.parts[0].like',
    ],
    [{ parts: undefined, edges: [0, 4, 4], weights: [1, 1] }, '$.edges[2]'],
    [{ parts: undefined, edges: [0, 4], weights: [1, 1] }, '$.weights'],
    [{ parts: undefined, edges: [0, 4], weights: [0] }, '$.weights'],
    [{ parts: undefined, edges: [0, -4], weights: [1] }, '$.edges[1]'],
  ])('with %j is refused', (change, path) => {
    expect(fault(change)).toMatchObject({ document: 'own.json', path });
  });

  test.prop([fc.constantFrom(...lengthDocuments), fc.integer({ min: 1, max: 500 }), fc.constantFrom(1, 7, 64), fc.nat()])(
    'is drawn by its seed, as multiples of a unit that add up',
    (distribution, units, unit, seed) => {
      const lengths = drawLengths(known, distribution, units * unit, seed, unit);
      expect(lengths.reduce((a, b) => a + b, 0)).toBe(units * unit);
      expect(lengths.every((length) => length > 0 && length % unit === 0)).toBe(true);
      expect(drawLengths(known, distribution, units * unit, seed, unit)).toEqual(lengths);
      expect(drawLengths(known, distribution, units * unit, seed, unit, 3)).toEqual(lengths.slice(0, 3));
    },
  );

  it('is drawn by its weights, and uniformly in an interval', () => {
    const lengths = drawLengths(known, pile, 2 ** 24, 5);
    const found = histogram(pile, lengths);
    const all = (pile.weights as number[]).reduce((a, b) => a + b, 0);
    // four standard deviations of a count; the last interval is longer than the entry and cut short
    for (const [x, weight] of (pile.weights as number[]).slice(0, -1).entries()) {
      const expected = (weight / all) * lengths.length;
      expect(Math.abs(found[x] - expected)).toBeLessThan(4 * Math.sqrt(expected) + 1);
    }
    const inside = lengths.filter((length) => length >= 960 && length < 1056);
    const mean = inside.reduce((a, b) => a + b, 0) / inside.length;
    expect(Math.abs(mean - (960 + 1055) / 2)).toBeLessThan((4 * 96) / Math.sqrt(12 * inside.length));
  });

  it('gives each part its share, shuffled', () => {
    const lengths = drawLengths(known, pileLong, 2 ** 22, 1);
    const long = lengths.filter((length) => length >= 8192 && length < 30720).reduce((a, b) => a + b, 0);
    expect(long / 2 ** 22).toBeGreaterThan(0.59);
    expect(long / 2 ** 22).toBeLessThan(0.8);
    const first = lengths.slice(0, lengths.length / 2).reduce((a, b) => a + b, 0);
    expect(Math.abs(first / 2 ** 22 - 0.5)).toBeLessThan(0.2);
  });

  it('differs from seed to seed', () => {
    expect(drawLengths(known, pile, 2 ** 14, 1)).not.toEqual(drawLengths(known, pile, 2 ** 14, 2));
  });
});
