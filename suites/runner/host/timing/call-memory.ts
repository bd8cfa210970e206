import { freemem } from 'node:os';
import { bytesText } from '../../../../spec/lib/units.js';
import { bytesOf } from '../../../../spec/tensor/dtype.js';
import type { CallSpec } from '../../../contract/property.js';
import { largestLength } from './largest-length.js';

const LITTLE = 2 ** 28;

/** Bytes of a call in its host: inputs drawn, guarded and copied, outputs given and sent. */
export function bytesOfCall({ command, case: { dims, dtype } }: CallSpec): number {
  const { b, hk, g, m, n, d, e } = dims;
  const [queries, keys, outputs] = [b * hk * g * m * d, b * hk * n * (d + e), b * hk * g * m * (e + 1)];
  const isBackward = command === 'backward';
  const inputs = queries + keys + (isBackward ? outputs : 0);
  return (3 * inputs + 2 * (isBackward ? queries + keys : outputs)) * bytesOf(dtype);
}

/** Reason why memory does not allow a call. @param bytes available; default: free memory. */
export function whyTooLong(call: CallSpec, bytes?: number): string | undefined {
  const { case: c } = call;
  const needed = bytesOfCall(call);
  if (needed <= LITTLE) return undefined;
  // ask the system for large calls only
  const free = bytes ?? freemem();
  if (needed <= free) return undefined;
  const { m, n } = c.dims;
  const withLength = (tokens: number) => ({
    ...call,
    case: { ...c, dims: { ...c.dims, n: tokens, m: m === n ? tokens : Math.min(m, tokens) } },
  });
  const largest = largestLength((tokens) => bytesOfCall(withLength(tokens)) <= Math.max(LITTLE, free), n);
  return `the tensors of the call take ${bytesText(needed)}, and ${bytesText(free)} are free; ${largest}`;
}
