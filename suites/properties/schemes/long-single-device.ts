import type { Property } from '../../contract/property.js';
import { judgeCall } from '../lib/compare-call.js';
import { firstFailure } from '../lib/first-failure.js';
import { bothPasses } from '../lib/parallel.js';

/**
 * The ranks of a scheme over a sequence of 32K tokens and more: every element of o, the LSE and the gradients within the bound of a single device. What a row
 * attends to follows from its position, so that each rank's rows are judged by the target keys alone, wherever these lie.
 */
export const longSingleDevice: Property = {
  name: 'long-single-device',
  title: 'over long sequences output, LSE and gradients are those of a single device',
  perMask: false,
  perFeature: false,
  perScheme: true,
  cases: 4,
  needs: { targeted: true, distributions: ['targeted', 'targeted', 'counted'], limits: { d: { min: 28 } } },
  unsupported: () => undefined,
  // P = 1/count is not exact, so that there are no counted gradients
  calls: (c, { capabilities }) => (c.values.distribution === 'counted' ? [{ command: 'forward', case: c }] : bothPasses(c, capabilities)),
  judge: (context) => firstFailure(context.calls.keys(), (call) => judgeCall(context, call)),
};
