import { expect, it } from 'vitest';
import type { Call, Outputs } from '../../../../adapters/kernel.js';
import type { Case } from '../../../../spec/types/documents.js';
import { forwardOf } from '../../properties/on-kernel.js';
import { checkedHint } from '../../runner/checked.js';

/** The case of a call as a kernel of the other layout sees it: heads are tokens to it, and tokens heads. */
function otherLayout({ dims, ...c }: Case): Case {
  const { hk, g, m, n } = dims;
  if (m % n !== 0) throw new Error('heads do not fit');
  return { ...c, layout: c.layout === 'bhld' ? 'blhd' : 'bhld', dims: { ...dims, hk: n, g: m / n, m: hk * g, n: hk } };
}

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
