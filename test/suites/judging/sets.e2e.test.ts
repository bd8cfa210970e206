import { describe, expect, it } from 'vitest';
import type { Adapter } from '../../../adapters/adapter.js';
import { loadSecondForm } from '../../../adapters/controls/second-form/index.js';
import type { Kernel } from '../../../adapters/kernel.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import { everyProperty, judgeOperators } from '../judge-operators.js';

const secondForms: Adapter = await loadSecondForm({});
const [operator] = operatorDocuments.filter(({ sets }) => sets).map(({ name }) => name);

/** Judges the second form of the operator with its set of places changed: row by row, in place. */
async function judged(change: (row: Int32Array, places: number) => unknown) {
  const right = await secondForms.open();
  const kernel: Kernel = {
    ...right,
    forward: async (call) => {
      const { chosen, ...others } = await right.forward(call);
      const slots = chosen.shape[chosen.shape.length - 1];
      const data = Int32Array.from(valuesOf(chosen));
      for (let at = 0; at < data.length; at += slots) change(data.subarray(at, at + slots), call.case.dims.n);
      return { ...others, chosen: tensor('i32', chosen.shape, data) };
    },
  };
  const told = await judgeOperators(secondForms, kernel, [everyProperty([operator])], {
    runs: 12,
    filter: [`${operator}/{full,causal}/oracle/f32`],
  });
  return told.map(({ verdict, why }) => `${verdict} ${why ?? ''}`);
}

describe('an output that is a set of places', () => {
  it('is right in any order, and with unused slots anywhere', async () => {
    for (const told of [await judged(() => {}), await judged((row) => row.reverse())])
      expect(
        told.every((verdict) => verdict.startsWith('pass')),
        told.join(),
      ).toBe(true);
  });

  it.each<[string, (row: Int32Array, places: number) => unknown, RegExp]>([
    ['a place of another key', (row, places) => row.set(row.map((place) => (place < 0 ? place : (place + 1) % places))), /expected|chosen/],
    ['a place twice', (row) => row[1] >= 0 && row.copyWithin(1, 0, 1), /which this row already has/],
    ['a place beyond the last', (row, places) => row.fill(places, 0, row[0] >= 0 ? 1 : 0), /must be an index below \d+, or -1/],
    ['a place before the first', (row) => row.fill(-2, 0, row[0] >= 0 ? 1 : 0), /must be an index below \d+, or -1/],
    [
      'one place too few',
      (row) =>
        row.fill(
          -1,
          row.findLastIndex((place) => place >= 0),
        ),
      /chosen/,
    ],
  ])('fails with %s', async (_, change, says) => {
    const told = await judged(change);
    expect(
      told.some((verdict) => verdict.startsWith('fail') && says.test(verdict)),
      told.join(),
    ).toBe(true);
  });
});
