import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { describeWeights, type RowWeights } from '../../../../suites/diagnosis/weights/describe.js';

const LIMIT = 1e-6;

/** Row of a softmax over positive numbers, of which every weight is far above its limit; keys of weight 0 are hidden. */
const rowOf = (exponentials: readonly number[], change: (weight: number, j: number) => number): RowWeights => {
  const sum = exponentials.reduce((total, x) => total + x, 0);
  const expected = Float64Array.from(exponentials, (x) => x / sum);
  return {
    name: 'query 3',
    expected,
    limit: expected.map((x) => LIMIT * Math.abs(x) + 1e-12),
    actual: expected.map(change),
  };
};

const said = (...rows: RowWeights[]) => describeWeights(rows, true);

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
    const [proportions, together] = said(rowOf(all, (weight) => times * weight))?.split('; ') ?? [];
    expect([proportions, together]).toEqual([`query 3: all keys have ${text} times their weight`, `together ${text}, not 1`]);
  });

  test.prop([exponentials, fc.nat(), fc.nat(), fc.boolean()])(
    'show which keys a divisor has twice or lacks, unless others weigh as much',
    (all, x, y, lacks) => {
      const [first, end] = [x % all.length, (y % all.length) + 1];
      const size = all.length;
      const one = (j: number) => j >= first && j < end;
      const row = rowOf(all, (weight) => weight);
      const weight = row.expected.reduce((total, own, j) => total + (one(j) ? own : 0), 0);
      if (first >= end || (end - first > 1 && first > 0 && end < size) || weight > 0.99) return;
      const text = said(rowOf(all, (own) => own / (1 + (lacks ? -weight : weight))));
      const verb = lacks ? 'lacked' : 'had';
      if (!text?.includes('as if')) return;
      const named =
        end - first === 1
          ? `key ${first} of ${size}`
          : first === 0
            ? `the first ${end} of ${size} keys`
            : `the last ${size - first} of ${size} keys (from ${first} on)`;
      expect(text).toMatch(new RegExp(`; as if the divisor ${verb} ${named.replaceAll(/[()]/g, '\\$&')}${lacks ? '' : ' twice'}$`));
    },
  );

  it('show that a divisor has the last keys twice, and nothing where other keys weigh as much', () => {
    const twice = (all: readonly number[], added: number) => said(rowOf(all, (weight) => weight / (1 + added)));
    expect(twice([1, 2, 3, 4, 5.5, 7.3], 12.8 / 22.8)).toMatch(/; as if the divisor had the last 2 of 6 keys \(from 4 on\) twice$/);
    expect(twice([1, 1, 3, 4], 1 / 9)).not.toContain('as if');
    expect(twice([1, 2, 3, 4], 0.777)).not.toContain('as if');
  });

  test.prop([exponentials, fc.nat()])('of which a value is lost have one key without weight, and the others theirs', (all, lost) => {
    const at = lost % all.length;
    const { expected } = rowOf(all, (weight) => weight);
    const text = said(rowOf(all, (weight, j) => (j === at ? 0 : weight)));
    expect(text).toContain(`key ${at} of ${all.length} has no weight`);
    expect(text).toMatch(/(has its|have their) weight\b/);
    expect(text).toContain(`together ${Number((1 - expected[at]).toPrecision(3))}, not 1`);
  });

  test.prop([exponentials, fc.nat(), factor])('of which a score is wrong have a sum that is right', (two, wrong, times) => {
    const all = [...two, 1];
    const at = wrong % all.length;
    const other = rowOf(
      all.map((x, j) => (j === at ? x * times : x)),
      (weight) => weight,
    );
    const low = String(Number((-Math.log(times)).toPrecision(3)));
    expect(said(rowOf(all, (_, j) => other.expected[j]))).toMatch(
      new RegExp(
        `key ${at} of ${all.length} has [\\d.e-]+ times its weight; their sum is right; as if the score of key ${at} of ${all.length} was ${low} too low$`,
      ),
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

  it('of the only key that must be seen are spoken of as those of one', () => {
    expect(said(rowOf([1, 0], (own, j) => (j === 1 ? 0.25 : own * 0.75)))).toBe(
      'query 3: the key that it must see has 0.75 times its weight; key 1 of 2 has weight, 0.25 in all, but must have none; their sum is right',
    );
  });

  it('of the only key are spoken of as those of one', () => {
    expect(said(rowOf([3], (own) => own / 2))).toBe(
      'query 3: the only key has 0.5 times its weight; together 0.5, not 1; as if the divisor had the only key twice',
    );
  });

  it('without an order are described by the range of their factors', () => {
    const text = said(rowOf([1, 1, 1, 1, 1], (weight, j) => weight * (0.5 + j / 4)));
    expect(text).toBe('query 3: its keys have 0.5 to 1.5 times their weights; their sum is right');
  });

  it('are told from their own by as many digits as that takes', () => {
    expect(said(rowOf([1, 2, 4], (weight) => weight * 1.0000312))).toBe(
      'query 3: all keys have 1.000031 times their weight; together 1.000031, not 1',
    );
    expect(said(rowOf([1, 1, 1, 1, 1], (weight, j) => weight * (1 + (j - 2) / 1e4)))).toMatch(/ its keys have 0\.9998 to 1\.0002 times /);
  });

  it('that only nearly show which keys a divisor has twice are not said to', () => {
    const row = rowOf([1, 2, 4], (weight) => weight / (1 + 1 / 7));
    expect(said(row)).toContain('as if the divisor had key 0 of 3 twice');
    expect(said({ ...row, limit: row.expected.map((x) => 2e-3 * x) })).not.toContain('as if');
  });

  it('of a key that is too small to tell are left out', () => {
    const tiny = { ...rowOf([1, 1, 1e-9], (weight, j) => (j === 1 ? 0 : weight)), limit: new Float64Array(3).fill(1e-6) };
    expect(said(tiny)).toBe('query 3: key 0 of 3 has its weight, key 1 of 3 has no weight; together 0.5, not 1');
  });

  it('are those of the row that is furthest off', () => {
    const [right, little, much] = [1, 0.9, 0.2].map((times) => rowOf([1, 2], (weight) => weight * times));
    expect(said(right, little, { ...much, name: 'query 4' })).toMatch(/^query 4, one of 2 rows that are wrong: all keys have 0\.2 /);
  });

  it('are those of no softmax where they are no shares: neither scores nor a divisor are spoken of', () => {
    const rows = [rowOf([1, 2, 4], (weight) => weight / (1 + 1 / 7)), rowOf([1, -2, 4], (weight, j) => (j === 1 ? 2 * weight : weight))];
    expect(said(rows[0])).toMatch(/; as if the divisor had key 0 of 3 twice$/);
    expect(describeWeights([rows[0]], false)).toBe('query 3: all keys have 0.875 times their weight; together 0.875, not 1');
    expect(describeWeights([rows[1]], false)).toMatch(
      /^query 3: keys 0 and 2 of 3 have their weight, key 1 of 3 has 2 times its weight; together /,
    );
  });
});
