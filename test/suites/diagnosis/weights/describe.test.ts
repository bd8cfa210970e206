import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { describeWeights, type RowWeights } from '../../../../suites/diagnosis/weights/describe.js';

const LIMIT = 1e-6;

/** Row of a softmax over positive numbers, of which every weight is far above its limit; keys of weight 0 are hidden. */
const rowOf = (exponentials: readonly number[], change: (weight: number, j: number) => number): RowWeights => {
  const sum = exponentials.reduce((total, x) => total + x, 0);
  const expected = Float64Array.from(exponentials, (x) => x / sum);
  return {
    batch: 0,
    head: 0,
    query: 3,
    expected,
    limit: expected.map((x) => LIMIT * x + 1e-12),
    actual: expected.map(change),
  };
};

const said = (...rows: RowWeights[]) => describeWeights(rows, { b: 1, heads: 1 });

const exponentials = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 2, maxLength: 40 });
const factor = fc.double({ min: 0.01, max: 0.9, noNaN: true });

describe('weights that were read out', () => {
  test.prop([exponentials, fc.double({ min: -0.5, max: 0.5, noNaN: true })])(
    'are not described where each is within its limit',
    (all, off) => {
      expect(said(rowOf(all, (weight) => weight * (1 + off * LIMIT)))).toBeUndefined();
    },
  );

  test.prop([exponentials, factor])('that are all the same multiple of their own have a wrong sum', (all, times) => {
    const text = String(Number(times.toPrecision(3)));
    expect(said(rowOf(all, (weight) => times * weight))).toBe(`query 3: all keys have ${text} times their weight; together ${text}, not 1`);
  });

  test.prop([exponentials, fc.nat()])('of which a value is lost have one key without weight, and the others theirs', (all, lost) => {
    const at = lost % all.length;
    const { expected } = rowOf(all, (weight) => weight);
    const text = said(rowOf(all, (weight, j) => (j === at ? 0 : weight)));
    expect(text).toContain(`key ${at} of ${all.length} has no weight`);
    expect(text).toMatch(/(has its|have their) weight\b/);
    expect(text).toContain(`together ${Number((1 - expected[at]).toPrecision(3))}, not 1`);
  });

  test.prop([exponentials, fc.nat(), factor])('of which a score is wrong have a sum that is right', (all, wrong, times) => {
    const at = wrong % all.length;
    const other = rowOf(
      all.map((x, j) => (j === at ? x * times : x)),
      (weight) => weight,
    );
    const text = said(rowOf(all, (_, j) => other.expected[j]));
    expect(text).toMatch(/; their sum is right$/);
    expect(text).toMatch(
      all.length === 2
        ? /^query 3: key [01] of 2 has [\d.]+ times its weight, key/
        : new RegExp(`key ${at} of ${all.length} has [\\d.]+ times its weight`),
    );
  });

  test.prop([exponentials, fc.double({ min: 0.01, max: 0.5, noNaN: true })])(
    'of a key that must be hidden are named with their size',
    (all, weight) => {
      const text = said(rowOf([...all, 0], (own, j) => (j === all.length ? weight : own * (1 - weight))));
      expect(text).toMatch(/^query 3: the keys that it must see have /);
      expect(text).toContain(
        `key ${all.length} of ${all.length + 1} has weight, ${Number(weight.toPrecision(3))} in all, but must have none`,
      );
      expect(text).toMatch(/; their sum is right$/);
    },
  );

  it('without an order are described by the range of their factors', () => {
    const text = said(rowOf([1, 1, 1, 1, 1], (weight, j) => weight * (0.5 + j / 4)));
    expect(text).toBe('query 3: its keys have 0.5 to 1.5 times their weights; their sum is right');
  });

  it('of a key that is too small to tell are left out', () => {
    const tiny = { ...rowOf([1, 1, 1e-9], (weight, j) => (j === 1 ? 0 : weight)), limit: new Float64Array(3).fill(1e-6) };
    expect(said(tiny)).toBe('query 3: key 0 of 3 has its weight, key 1 of 3 has no weight; together 0.5, not 1');
  });

  it('are those of the row that is furthest off, named by its head and batch entry where there are several', () => {
    const [right, little, much] = [1, 0.9, 0.2].map((times) => rowOf([1, 2], (weight) => weight * times));
    const rows = [right, little, { ...much, batch: 1, head: 2 }];
    expect(describeWeights(rows, { b: 2, heads: 4 })).toMatch(
      /^query 3 of head 2 of batch entry 1, one of 2 rows that are wrong: all keys have 0\.2 /,
    );
  });
});
