import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { OpenRows, runEnds, sweepRows } from '../../../spec/oracle/run-ends.js';
import type { Mask } from '../../../spec/types/documents.js';
import { targetedProblem } from './targeted.js';

const masks = fc.oneof(
  fc.constantFrom<Mask>({ name: 'causal' }, { name: 'full' }),
  fc
    .record({ left: fc.integer({ min: -1, max: 12 }), right: fc.integer({ min: -1, max: 5 }) })
    .map((parameters): Mask => ({ name: 'sliding-window', parameters })),
  fc
    .record({ sinks: fc.integer({ min: 0, max: 4 }), recent: fc.integer({ min: 1, max: 9 }) })
    .map((parameters): Mask => ({ name: 'sink-tokens', parameters })),
);

describe('a sweep over the keys', () => {
  test.prop([masks, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), fc.nat(4)], { numRuns: 200 })(
    'yields each row once, when its last key is added, with the sums of what it sees',
    (mask, m, n, left) => {
      const { mask: own } = targetedProblem({ dims: { m, n, d: 1 }, mask });
      const wanted = (i: number) => i % 5 !== left;
      const ends = runEnds(own, 0, 0, wanted);
      const open = new OpenRows(m, 2);
      let [keys, sum] = [0, 0];
      const visit = (row: number, sign: number) => {
        const sums = open.of(row);
        sums[0] += sign * keys;
        sums[1] += sign * sum;
      };
      const add = (j: number) => {
        keys++;
        sum += (j + 1) ** 2;
      };
      const met: number[] = [];
      for (const row of sweepRows(ends, { visit, add })) {
        met.push(row);
        const seen = Array.from({ length: n }, (_, j) => j).filter((j) => own.visible(0, 0, row, j));
        expect(keys).toBe(seen.length === 0 ? 0 : (seen.at(-1) as number) + 1);
        expect(ends.visible[row]).toBe(seen.length);
        expect([...open.of(row)]).toEqual([seen.length, seen.reduce((all, j) => all + (j + 1) ** 2, 0)]);
        open.end(row);
      }
      expect(met.sort((x, y) => x - y)).toEqual(Array.from({ length: m }, (_, i) => i).filter(wanted));
    },
  );

  test('holds few rows of a window at a time, however many there are', () => {
    const { mask } = targetedProblem({ dims: { n: 4000, d: 1 }, mask: { name: 'sliding-window', parameters: { left: 9, right: 0 } } });
    let [held, most] = [0, 0];
    const begun = new Set<number>();
    const visit = (row: number) => {
      if (begun.size < begun.add(row).size) most = Math.max(most, ++held);
    };
    for (const _ of sweepRows(runEnds(mask, 0, 0), { visit, add: () => {} })) held--;
    expect(most).toBeLessThan(20);
  });
});
