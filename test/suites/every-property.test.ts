import { expect, test } from 'vitest';
import { reference } from '../../adapters/controls/reference/index.js';
import { operatorDocuments } from '../../spec/operators/index.js';
import { everyProperty, judgeOperators } from './judge-operators.js';

/** What may be asked of any operator is asked of ours: the right answers of the reference are never failed, and nothing is asked in vain. */
test.each(operatorDocuments.map(({ name }) => name).filter((name) => name !== 'softmax'))(
  'every property of %s passes on the reference, or is not asked for a reason',
  async (operator) => {
    const told = await judgeOperators(reference, await reference.open(), [everyProperty([operator])], { runs: 8, filter: ['**/f32'] });
    expect(told.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported')).toEqual([]);
    expect(told.filter(({ verdict, why }) => verdict === 'unsupported' && !why)).toEqual([]);
    expect(told.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(4);
  },
);

test('what the mask cannot be read out of is said', async () => {
  const told = await judgeOperators(reference, await reference.open(), [everyProperty(['apb', 'dilated'])], {
    runs: 1,
    filter: ['**/visibility/f32'],
  });
  expect(told.length).toBe(3);
  for (const { verdict, why } of told)
    expect([verdict, why]).toEqual(['unsupported', expect.stringMatching(/not the visible values, each with a weight/)]);
});
