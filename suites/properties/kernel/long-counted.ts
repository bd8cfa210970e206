import type { Property } from '../../contract/property.js';
import { judgeCall } from '../lib/compare-call.js';

/** Half of the keys have equal weight, the rest zero: o is a mean, the LSE the log of a count. */
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
