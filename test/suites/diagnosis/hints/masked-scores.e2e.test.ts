import { expect, it } from 'vitest';
import type { Kernel } from '../../../../adapters/kernel.js';
import { checked, checkedHint } from '../../runner/checked.js';
import { naive, naiveClaims, reading } from '../naive.js';

it.each<[string, Kernel, string]>([
  [
    'a boolean mask that is added to the scores, true as 1 and false as 0: if this is intended, declare it with "denseMask": "additive" in its capabilities',
    reading((s, isSeen) => s + Number(isSeen)),
    'softmax/causal/oracle/f32',
  ],
  [
    'scores multiplied by the mask: scores of hidden keys are 0 instead of −∞',
    reading((s, isSeen) => (isSeen ? s : 0)),
    'softmax/padding/oracle/f32',
  ],
  [
    'weights multiplied by the mask after the softmax: they sum to less than 1',
    reading((s) => s, Number),
    'softmax/document/visibility/f32',
  ],
  [
    'a row that sees no key attends to all of them: scores of hidden keys are lowered by 10000 instead of set to −∞',
    reading((s, isSeen) => (isSeen ? s : s - 10000)),
    'softmax/any/empty-row/f32',
  ],
])('%s', async (said, kernel, check) => {
  expect(await checkedHint(kernel, check, naiveClaims)).toBe(`the output matches ${said}`);
});

it.each([1e30, Infinity])('scores that float16 cannot hold, of hidden keys: %s', async (held) => {
  // two that are infinite have as much each
  const kernel = reading((s, isSeen) => (s >= 65520 ? held : isSeen ? s : -Infinity));
  expect(
    await checkedHint(kernel, 'softmax/any/non-interference/f16', { ...naiveClaims, dtypes: ['f16'], dialect: { maskedNaN: 'leaks' } }),
  ).toBe(
    'the output matches scores that are stored in float16 before the mask is added: a hidden score beyond 65504 is ∞, and takes all the weight',
  );
});

it('a kernel that leaves hidden keys no score is right', async () => {
  expect(await checked(naive, 'softmax/causal/oracle/f32', naiveClaims)).toMatchObject({ verdict: 'pass' });
});
