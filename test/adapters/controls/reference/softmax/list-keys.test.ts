import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SoftmaxProblem } from '../../../../../adapters/controls/reference/problem/softmax-problem.js';
import { listKeys, nextKey } from '../../../../../adapters/controls/reference/softmax/list-keys.js';
import { createRow } from '../../../../../adapters/controls/reference/steps/row.js';
import { standardSteps } from '../../../../../adapters/controls/reference/steps/steps.js';

const drawn = fc.record({
  shown: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
  left: fc.integer({ min: -1, max: 40 }),
  place: fc.nat(40),
  from: fc.nat(40),
  to: fc.nat(40),
  every: fc.boolean(),
});

/** A row of one query, whose mask is a tensor; `every`: its keys share one cell. */
function problemOf({ shown, left, place, every }: { shown: boolean[]; left: number; place: number; every: boolean }): SoftmaxProblem {
  const mask = { data: Uint8Array.from(shown, Number), at: { offset: 0, b: 0, h: 0, i: 0, j: every ? 0 : 1 } };
  return { mask, left, right: -1, offset: place } as unknown as SoftmaxProblem;
}

it('lists the keys that are visible, whatever hides the others', () => {
  fc.assert(
    fc.property(drawn, (row) => {
      const p = problemOf(row);
      const [from, to] = [Math.min(row.from, row.shown.length), Math.min(row.to, row.shown.length)];
      const keys = createRow(row.shown.length);
      listKeys(p, standardSteps, keys, from, to);
      const expected = row.shown.flatMap((_, j) => (j >= from && j < to && standardSteps.visible(p, 0, 0, 0, j) ? [j] : []));
      expect([...keys.keys.subarray(0, keys.count)]).toEqual(expected);
    }),
  );
});

it('goes past keys that the mask hides, and past none where a fault decides what is visible', () => {
  fc.assert(
    fc.property(drawn, (row) => {
      const p = problemOf({ ...row, left: -1, every: false });
      const [from, to] = [0, row.shown.length];
      const first = row.shown.indexOf(true);
      expect(nextKey(p, standardSteps, createRow(1), from, to)).toBe(first < 0 ? to : first);
      expect(nextKey(p, { ...standardSteps, visible: () => true }, createRow(1), from, to)).toBe(from);
    }),
  );
});
