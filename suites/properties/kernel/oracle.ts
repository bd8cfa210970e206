import type { Property } from '../../contract/property.js';
import { judgeAccuracy } from '../lib/accuracy.js';

/** o, and the LSE if claimed, are within their derived bounds. */
export const oracle: Property = {
  name: 'oracle',
  title: 'output and LSE lie within the derived error bound of the exact result',
  perMask: true,
  perFeature: true,
  bounded: true,
  needs: { passes: 1, floors: true },
  unsupported: () => undefined,
  calls: (c) => [{ command: 'forward', case: c }],
  judge: judgeAccuracy,
};
