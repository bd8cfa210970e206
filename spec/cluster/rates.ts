import { flopsPerCell } from '../mask/flops.js';
import type { Device, MeasuredRates, Rates } from '../types/documents.js';

/** Floating-point operations per second that attention sustains on a device. */
export function ratesOf({ flops, measured }: Device): Rates {
  return flops ?? derived(measured as MeasuredRates);
}

/** The backward pass takes the time of both passes minus the forward pass. */
function derived({ tokens, heads, dim, forward, both }: MeasuredRates): Rates {
  const cells = (heads * tokens * (tokens + 1)) / 2;
  const work = flopsPerCell(dim, dim);
  return { forward: cells * work.forward * forward, backward: (cells * work.backward) / (1 / both - 1 / forward) };
}
