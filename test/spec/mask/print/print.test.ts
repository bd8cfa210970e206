import { expect, it } from 'vitest';
import { printMask } from '../../../../spec/mask/print/print.js';
import type { Mask } from '../../../../spec/types/documents.js';

it.each<[Mask, string]>([
  [{ name: 'causal' }, 'causal'],
  [{ name: 'sliding-window', parameters: { left: 8, right: 0 } }, 'sliding-window(left=8, right=0)'],
  [{ and: [{ name: 'causal' }, { name: 'document', parameters: { lengths: [3, 5] } }] }, '(causal and document(lengths=[3,5]))'],
  [
    { not: { or: [{ name: 'full' }, { name: 'padding', parameters: { lengths: [1], side: 'left' } }] } },
    'not (full or padding(lengths=[1], side=left))',
  ],
  [{ heads: [{ name: 'full' }, { not: { name: 'causal' } }] }, 'heads(full, not causal)'],
])('prints %j', (mask, text) => {
  expect(printMask(mask)).toBe(text);
});
