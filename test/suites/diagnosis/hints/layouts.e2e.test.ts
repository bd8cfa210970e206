import { expect, it } from 'vitest';
import type { Call, Outputs } from '../../../../adapters/kernel.js';
import { forwardOf } from '../../properties/on-kernel.js';
import { checkedHint } from '../../runner/checked.js';
import { otherLayout } from '../other-layout.js';

const misreads = (call: Call, right: (call: Call) => Promise<Outputs>) => right({ ...call, case: otherLayout(call.case) });

it.each([
  ['blhd', 'bhld', 'softmax/full/oracle/f32'],
  ['blhd', 'bhld', 'softmax/causal/oracle/f32'],
  ['bhld', 'blhd', 'softmax/full/oracle/f32'],
] as const)('a kernel of layout %s whose capabilities say %s is told to declare it: %s', async (own, declared, check) => {
  expect(await checkedHint(forwardOf(misreads), check, { layouts: [declared], outputs: ['o'], masks: ['full', 'causal'] })).toBe(
    `the output matches a kernel of layout ${own}: if this is intended, declare it with "layouts": ["${own}"] in its capabilities`,
  );
});
