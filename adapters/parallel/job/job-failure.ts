import { type Tensors, tensor } from '../../../spec/tensor/tensor.js';

/** Reason why a job ended without a result. It travels in place of the outputs. */
export type JobFailure =
  | { readonly refused: string }
  | { readonly failed: { readonly how: string; readonly message: string; readonly ranks: readonly (string | null)[] } };

/** Encodes a failure as the tensor `outcome`, i32 [length]: the UTF-8 bytes of its JSON. */
export function encodeFailure(failure: JobFailure): Tensors {
  const bytes = new TextEncoder().encode(JSON.stringify(failure));
  return { outcome: tensor('i32', [bytes.length], Int32Array.from(bytes)) };
}

/** Returns the failure that travels in place of the outputs, or undefined if these are outputs. */
export function decodeFailure({ outcome }: Tensors): JobFailure | undefined {
  if (!outcome) return undefined;
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(outcome.data as Int32Array))) as JobFailure;
}
