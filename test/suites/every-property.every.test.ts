import { expect, test } from 'vitest';
import { reference } from '../../adapters/controls/reference/index.js';
import { loadSecondForm } from '../../adapters/controls/second-form/index.js';
import { operatorDocuments } from '../../spec/operators/index.js';
import { asksAll, someOperators } from '../some.js';
import { everyProperty, judgeOperators } from './judge-operators.js';

const secondForms = await loadSecondForm({});

/** The simplest mask, and any that a check draws. */
const masks = '{full,any}';
/** Sizes at which programs are interpreted in no time; larger ones are drawn where false alarms are looked for at length. */
const limits = { m: { max: 12 }, n: { max: 12 }, d: { max: 8 }, e: { max: 8 } };

/** Asks every property of each operator but softmax: no right answer fails, and every unsupported check has a reason. */
test.each(someOperators(operatorDocuments.map(({ name }) => name).filter((name) => name !== 'softmax')))(
  'every property of %s passes on a right kernel, or is not asked for a reason',
  async (operator) => {
    const adapter = reference.capabilities.operators.includes(operator) ? reference : secondForms;
    const claims = { id: adapter.id, capabilities: { ...adapter.capabilities, limits } };
    const told = await judgeOperators(claims, await adapter.open(), [everyProperty([operator])], {
      runs: 1,
      filter: [`*/${masks}/**/f32`],
    });
    const troubles = told.filter(({ verdict }) => verdict !== 'unsupported' && verdict !== 'pass');
    expect(troubles.map((check) => JSON.stringify(check))).toEqual([]);
    expect(told.filter(({ verdict, why }) => verdict === 'unsupported' && !why)).toEqual([]);
    expect(told.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(4);
  },
);

test.skipIf(asksAll)('what the mask cannot be read out of is said', async () => {
  const told = await judgeOperators(reference, await reference.open(), [everyProperty(['apb', 'dilated'])], {
    runs: 1,
    filter: ['**/visibility/f32'],
  });
  expect(told.length).toBe(3);
  for (const { verdict, why } of told)
    expect([verdict, why]).toEqual(['unsupported', expect.stringMatching(/not the visible values, each with a weight/)]);
});
