import type { Property } from '../../contract/property.js';
import { judgeCall } from '../lib/compare-call.js';

/**
 * Attention over up to a million keys of which each row weighs half alike and the others not at all, so that o is a mean and the LSE a logarithm of their
 * number: one key that is lost or doubled shows wherever it is on, in any pair of tiles, in whatever part of the keys.
 */
export const longCounted: Property = {
  name: 'long-counted',
  title: 'means over half the keys of long sequences, and their numbers, lie within a bound that does not grow with the length',
  perMask: true,
  perFeature: false,
  cases: 4,
  needs: { targeted: true, distributions: ['counted'] },
  unsupported: () => undefined,
  calls: (c) => [{ command: 'forward', case: c }],
  judge: (context) => judgeCall(context, 0),
};
