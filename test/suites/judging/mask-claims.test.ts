import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { mayHideKeys, mayLeaveRowsEmpty } from '../../../suites/judging/mask-claims.js';
import { capabilitiesOf } from '../properties/support.js';

const claims = (masks: string[], more: Parameters<typeof capabilitiesOf>[0] = {}) => capabilitiesOf({ masks, denseMask: false, ...more });
const topLeft = { dialect: { causal: 'top-left' as const } };

describe('mask claims', () => {
  it.each([
    ['full', claims(['full', 'document-causal']), false, false],
    ['a dense mask', claims(['full'], { denseMask: 'additive' }), true, true],
    ['causal', claims(['causal']), true, false],
    ['causal, m = n', claims(['causal'], { limits: { m: '=n' } }), false, false],
    ['causal, m below n', claims(['causal'], { limits: { m: { max: 16 }, n: { min: 16 } } }), false, false],
    ['causal, lists', claims(['causal'], { limits: { m: [1, 32], n: [64, 16] } }), true, false],
    ['causal, top-left', claims(['causal'], topLeft), false, true],
    ['causal, top-left, n = m', claims(['causal'], { ...topLeft, limits: { n: '=m' } }), false, false],
    ['a window', claims(['sliding-window']), true, true],
    ['a window, m = n', claims(['sliding-window'], { limits: { m: '=n' } }), false, false],
    ['a window without self, m = n', claims(['sliding-window'], { limits: { m: '=n' }, dialect: { window: 'exclusive' } }), true, true],
    ['padding', claims(['padding']), true, true],
    ['blocks', claims(['block-sparse']), false, true],
    ['a mask of someone else', claims(['mine']), true, true],
  ])('%s', (_, capabilities, empty, hidden) => {
    expect([mayLeaveRowsEmpty(capabilities), mayHideKeys(capabilities)]).toEqual([empty, hidden]);
  });

  it('knows operators of as many queries as keys', () => {
    const { operators } = createLibrary();
    const capabilities = claims(['causal']);
    expect(mayLeaveRowsEmpty(capabilities, operators.get('softmax'))).toBe(true);
    expect(mayLeaveRowsEmpty(capabilities, operators.get('softpag'))).toBe(false);
  });
});
