import { type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import { jobEnds } from '../transports/scheme-failed.js';

/** Reason for a job without outputs, sent instead of them. */
export type JobFailure =
  | { readonly refused: string }
  | { readonly failed: { readonly how: string; readonly message: string; readonly ranks: readonly (string | null)[] } };

/** Encodes a failure as the tensor `outcome`, i32 [length]: the UTF-8 bytes of its JSON. */
export function encodeFailure(failure: JobFailure): Tensors {
  const bytes = new TextEncoder().encode(JSON.stringify(failure));
  return { outcome: tensor('i32', [bytes.length], Int32Array.from(bytes)) };
}

/** Decodes a failure, if `outcome` exists; malformed text is a failure of class `protocol`. */
export function decodeFailure({ outcome }: Tensors): JobFailure | undefined {
  if (!outcome) return undefined;
  try {
    const { refused, failed } = JSON.parse(new TextDecoder().decode(Uint8Array.from(outcome.data as Int32Array)));
    if (typeof refused === 'string') return { refused };
    const { how, message, ranks } = failed;
    const isWhole = typeof message === 'string' && Array.isArray(ranks) && ranks.every((why) => why === null || typeof why === 'string');
    if (isWhole && jobEnds.includes(how)) return { failed: { how, message, ranks } };
  } catch {
    // invalid JSON, or not an object
  }
  return { failed: { how: 'protocol', message: 'the job has no outputs, and its reason is not in a known form', ranks: [] } };
}
