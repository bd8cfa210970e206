import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../../../suites/contract/check.js';
import { costLookup, costsOf, hashOfCosts } from '../../../../suites/plan/shards/cost-table.js';
import { placesOf } from '../../../../suites/plan/shards/divide.js';
import { formatShard, parseShard } from '../../../../suites/plan/shards/shard.js';
import { check as checkResult } from '../../../reports/made-up.js';

const plan = (cases: readonly number[]): Check[] =>
  cases.map((count, i) => ({
    id: `softmax/full/oracle/f32@s${i}`,
    adapter: 'mine',
    operator: 'softmax',
    mask: 'full',
    property: 'oracle',
    dtype: 'f32',
    cases: count,
    floors: 0,
    request: { operator: 'softmax', mask: 'full', dtype: 'f32', needs: {} },
    ...(count === 0 && { unsupported: 'not claimed' }),
  }));
const table = (costs: Record<string, number>) => ({ format: 1 as const, costs });
const parts = (checks: readonly Check[], count: number, costs?: ReturnType<typeof table>) =>
  Array.from({ length: count }, (_, i) => placesOf(checks, { index: i + 1, count }, costs));

describe('shards', () => {
  it('have every check exactly once, in the order of the plan', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (cases, count) => {
        const divided = parts(plan(cases), count);
        for (const places of divided) expect(places).toEqual([...places].sort((a, b) => a - b));
        expect(divided.flat().sort((a, b) => a - b)).toEqual(cases.map((_, i) => i));
      }),
    );
  });

  it('differ by no more than the longest check takes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (ms, count) => {
          const checks = plan(ms.map(() => 50));
          const costs = table(Object.fromEntries(checks.map((c, i) => [`mine::${c.id}`, ms[i]])));
          const loads = parts(checks, count, costs).map((places) => places.reduce((sum, place) => sum + ms[place], 0));
          expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(Math.max(...ms));
        },
      ),
    );
  });

  it('go by cases where nothing says how long checks take', () => {
    const checks = plan([200, 50, 50, 50, 50]);
    expect(parts(checks, 2).find((places) => places.includes(0))).toEqual([0]);
    // the one that the table knows takes as long as four that it does not
    const loads = parts(plan([50, 50, 50, 50, 50]), 2, table({ 'mine::softmax/full/oracle/f32@s3': 10 })).map((p) => p.length);
    expect(loads.sort()).toEqual([2, 3]);
  });
});

describe('a cost table', () => {
  it("takes a check's own entry, then the first glob", () => {
    const cost = costLookup(table({ 'mine::a/*/c/f32': 5, '**': 7, 'mine::a/b/c/f32': 3 }));
    expect([cost('mine::a/b/c/f32'), cost('mine::a/x/c/f32'), cost('other::z/z/z/f32')]).toEqual([3, 5, 7]);
    expect(costLookup(table({}))('mine::constructor')).toBeUndefined();
  });

  it('has what was judged, and a hash that tells tables apart', () => {
    const checks = [
      checkResult('b', 'x', { milliseconds: 4 }),
      checkResult('a', 'x', { milliseconds: 3 }),
      checkResult('a', 'y', { cases: 0 }),
    ];
    expect(Object.entries(costsOf(checks).costs)).toEqual([
      ['a::x', 3],
      ['b::x', 4],
    ]);
    expect(hashOfCosts(table({ a: 1 }))).not.toBe(hashOfCosts(table({ a: 2 })));
  });
});

it('i/n is read, and nothing else', () => {
  expect(parseShard('2/3')).toEqual({ index: 2, count: 3 });
  for (const text of ['0/3', '4/3', '1/0', '1', '1/2/3', '-1/3', '1.5/3', ' 1/3', '1/1000', '1e1/20'])
    expect(parseShard(text)).toBeUndefined();
  fc.assert(
    fc.property(fc.string(), (text) => {
      const shard = parseShard(text);
      if (shard) expect(parseShard(formatShard(shard))).toEqual(shard);
    }),
  );
});
