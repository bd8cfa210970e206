import type { Property } from '../../contract/property.js';
import { judgeCall } from '../lib/compare-call.js';

/** Sizes where counters and grids end: 2ᵏ and its neighbours, up to 2¹⁶ + 1 queries or keys. */
export const sizeBoundary: Property = {
  name: 'size-boundary',
  title: 'output and LSE are right at sizes around powers of two, beyond 16 bits too',
  perMask: false,
  perFeature: false,
  bounded: true,
  needs: { boundaries: true, distributions: ['normal', 'planted'] },
  unsupported: () => undefined,
  calls: (c) => [{ command: 'forward', case: c }],
  judge: (context) => judgeCall(context, 0),
};
