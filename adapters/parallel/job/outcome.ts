import { type Tensors, tensor } from '../../../spec/tensor/tensor.js';

/** Reason why a job ended without a result. It travels in place of the outputs. */
export type Outcome =
  | { readonly refused: string }
  | { readonly failed: { readonly how: string; readonly message: string; readonly ranks: readonly (string | null)[] } };

/** Encodes an outcome as the tensor `outcome`, i32 [length]: the UTF-8 bytes of its JSON. */
export function encodeOutcome(outcome: Outcome): Tensors {
  const bytes = new TextEncoder().encode(JSON.stringify(outcome));
  return { outcome: tensor('i32', [bytes.length], Int32Array.from(bytes)) };
}

export function decodeOutcome({ outcome }: Tensors): Outcome | undefined {
  if (!outcome) return undefined;
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(outcome.data as Int32Array))) as Outcome;
}
