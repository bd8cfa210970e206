import { sizeOf, type Tensor } from '../../spec/tensor/tensor.js';

/** What each rank sent and received, in bytes of tensors, by phase of the program. */
export class Ledger {
  readonly phases = new Map<string, { readonly sent: Float64Array; readonly received: Float64Array; messages: number }>();

  constructor(private readonly size: number) {}

  /** @returns the bytes of the message. */
  add(phase: string, from: number, to: number, tensors: readonly Tensor[]): number {
    const entry = this.of(phase);
    const bytes = bytesOf(tensors);
    entry.sent[from] += bytes;
    entry.received[to] += bytes;
    entry.messages++;
    return bytes;
  }

  of(phase: string): { readonly sent: Float64Array; readonly received: Float64Array; messages: number } {
    let entry = this.phases.get(phase);
    if (!entry) {
      entry = { sent: new Float64Array(this.size), received: new Float64Array(this.size), messages: 0 };
      this.phases.set(phase, entry);
    }
    return entry;
  }
}

export function bytesOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, { shape, data }) => sum + sizeOf(shape) * data.BYTES_PER_ELEMENT, 0);
}
