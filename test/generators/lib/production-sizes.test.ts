import { describe, expect, it } from 'vitest';
import {
  drawProductionGroup,
  drawProductionKeyHeads,
  drawProductionLength,
  drawProductionQueries,
} from '../../../generators/lib/production-sizes.js';
import { randomOf } from '../../../generators/lib/seeds.js';

const draws = Array.from({ length: 4000 }, (_, seed) => seed);
const isPower = (x: number) => Number.isInteger(Math.log2(x));

describe('production sizes', () => {
  it('are lengths in [127, 4096], most of them powers of two, others beside one or around an edge of a tile', () => {
    const lengths = draws.map((seed) => drawProductionLength(randomOf(seed)));
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(127);
    expect(Math.max(...lengths)).toBe(4096);
    const others = lengths.filter((length) => !isPower(length));
    expect(others.length / lengths.length).toBeGreaterThan(0.2);
    expect(others.length / lengths.length).toBeLessThan(0.5);
    for (const beside of [-1, 1]) expect(others.some((length) => isPower(length - beside))).toBe(true);
    expect(others.some((length) => length % 64 === 0)).toBe(true);
  });

  it('are few queries as often as many', () => {
    const queries = draws.map((seed) => drawProductionQueries(randomOf(seed)));
    const few = queries.filter((count) => count <= 64).length / queries.length;
    expect(few).toBeGreaterThan(0.4);
    expect(few).toBeLessThan(0.7);
  });

  it('are at most 128 query heads, or the fewest', () => {
    for (const seed of draws.slice(0, 500)) {
      const [hk, g] = [drawProductionKeyHeads(randomOf(seed), 16), drawProductionGroup(randomOf(seed), 32)];
      expect(hk * 16).toBeLessThanOrEqual(128);
      expect(g * 32).toBeLessThanOrEqual(128);
      expect(drawProductionKeyHeads(randomOf(seed), 1000)).toBe(2);
    }
  });
});
