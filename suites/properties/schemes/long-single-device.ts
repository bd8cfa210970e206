import type { Property } from '../../contract/property.js';
import { judgeCall } from '../lib/compare-call.js';
import { firstFailure } from '../lib/first-failure.js';
import { bothPasses } from '../lib/parallel.js';

/** Targets follow from positions: each rank's rows are judged by their target keys alone. */
export const longSingleDevice: Property = {
  name: 'long-single-device',
  title: 'over long sequences output, LSE and gradients are those of a single device',
  perMask: false,
  perFeature: false,
  perScheme: true,
  cases: 4,
  needs: { targeted: true, distributions: ['targeted', 'targeted', 'counted'], limits: { d: { min: 28 } } },
  unsupported: () => undefined,
  // P = 1/count is inexact: counted inputs have no exact gradients
  calls: (c, { capabilities }) => (c.values.distribution === 'counted' ? [{ command: 'forward', case: c }] : bothPasses(c, capabilities)),
  judge: (context) => firstFailure(context.calls.keys(), (call) => judgeCall(context, call)),
};
