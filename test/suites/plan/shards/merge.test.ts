import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../../../spec/lib/documents.js';
import type { Result } from '../../../../spec/types/documents.js';
import { mergeResults, type NamedResult } from '../../../../suites/plan/shards/merge.js';
import { madeUp } from '../../../reports/made-up.js';

/** A shard of the made-up result, with the checks at these places. */
function part(index: number, count: number, places: readonly number[]): NamedResult {
  const checks = places.map((place) => madeUp.checks[place]);
  const profiles = madeUp.adapters.map(({ id }) => {
    const own = checks.filter((c) => c.adapter === id);
    const counts = [...new Set(own.map((c) => c.verdict))].map((verdict) => [verdict, own.filter((c) => c.verdict === verdict).length]);
    return { name: 'core@1', adapter: id, ...Object.fromEntries(counts) };
  });
  const plan = { ...madeUp.plan, shard: `${index}/${count}`, checks: madeUp.checks.length, places: [...places] };
  return {
    document: `shard-${index}.json`,
    result: checkDocument('result', { ...madeUp, started: `2026-0${index}`, plan, checks, profiles }, 'shard'),
  };
}
const all = madeUp.checks.map((_, i) => i);
const halves = () => [
  part(
    1,
    2,
    all.filter((i) => i % 2 === 0),
  ),
  part(
    2,
    2,
    all.filter((i) => i % 2 === 1),
  ),
];
const changed = (change: (second: Result) => Partial<Result>): NamedResult[] => {
  const [a, b] = halves();
  return [a, { ...b, result: { ...b.result, ...change(b.result) } }];
};
const planned = (change: (plan: Result['plan']) => Partial<Result['plan']>) =>
  changed(({ plan }) => ({ plan: { ...plan, ...change(plan) } }));
/** The places of the second shard, the first of them another. */
const placed = (place: number) => planned(({ places = [] }) => ({ places: [place, ...places.slice(1)] }));

describe('shards', () => {
  it('are one result again, however they were divided and named', () => {
    const deal = fc.array(fc.nat(2), { minLength: all.length, maxLength: all.length });
    fc.assert(
      fc.property(deal, fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (hands, order) => {
        const parts = order.map((hand) =>
          part(
            hand + 1,
            3,
            all.filter((i) => hands[i] === hand),
          ),
        );
        const merged = mergeResults(parts);
        expect(merged.checks).toEqual(madeUp.checks);
        expect(merged.plan).toEqual(madeUp.plan);
        expect(merged.started).toBe('2026-01');
        expect(merged.profiles).toEqual(part(1, 1, all).result.profiles);
        checkDocument('result', merged, 'merged');
      }),
    );
  });

  it('one shard is a whole', () => {
    expect(mergeResults([part(1, 1, all)]).checks).toEqual(madeUp.checks);
  });
});

describe('refused, with the document and the place:', () => {
  const cases: [string, () => NamedResult[], RegExp][] = [
    ['a gap', () => halves().slice(0, 1), /shard-1\.json: at \$\.plan\.shard: found shards of 2, but not 2\/2/],
    ['one twice', () => [halves()[0], halves()[0]], /found "1\/2", but shard-1\.json is this shard too/],
    ['an overlap', () => placed(0), /shard-2\.json: at \$\.plan\.places\[0\]: found 0, which shard-1/],
    ['a place beyond the plan', () => placed(99), /found 99 in a plan of \d+ checks/],
    ['checks that no shard has', () => [0, 1].map((i) => part(i + 1, 2, [i])), /these shards have 2 checks together/],
    ['a run without shards', () => [{ document: 'whole.json', result: madeUp }], /whole\.json: at \$\.plan\.shard: found null/],
    ['another plan', () => planned(() => ({ hash: 'xyz' })), /\$\.plan\.hash: found "xyz", but shard-1\.json has "abc"/],
    ['another division', () => planned(() => ({ shard: '2/3' })), /\$\.plan\.shard: found 3, but shard-1\.json has 2/],
    ['another cost table', () => planned(() => ({ costs: 'c' })), /\$\.plan\.costs: found "c"/],
    ['places that are not said', () => planned(() => ({ places: undefined })), /shard-2\.json: at \$\.plan\.places/],
    ['another seed', () => changed(() => ({ seed: 1 })), /\$\.seed: found 1, but shard-1\.json has 0/],
    ['another version', () => changed(() => ({ suite: '9' })), /\$\.suite/],
    ['other spec documents', () => changed(() => ({ spec: {} })), /\$\.spec/],
    ['other adapters', () => changed((r) => ({ adapters: r.adapters.slice(1) })), /\$\.adapters: found/],
    [
      'another machine',
      () => changed(({ adapters: [first, ...rest] }) => ({ adapters: [{ ...first, environment: { node: 'v1' } }, ...rest] })),
      /\$\.adapters\[0\]\.environment/,
    ],
  ];
  it.each(cases)('%s', (_, parts, message) => {
    expect(() => mergeResults(parts())).toThrow(message);
    expect(() => mergeResults(parts())).toThrow(expect.objectContaining({ name: 'DocumentError' }));
  });
});
