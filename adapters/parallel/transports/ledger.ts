import { bytesOf as bytesOfType } from '../../../spec/tensor/dtype.js';
import { sizeOf, type Tensor } from '../../../spec/tensor/tensor.js';

/** Traffic of one phase: bytes by rank, and messages of all ranks. */
export interface Entry {
  readonly sent: Float64Array;
  readonly received: Float64Array;
  messages: number;
}

/** Bytes of tensors that each rank sent and received, by phase of the program. */
export class Ledger {
  readonly phases = new Map<string, Entry>();

  constructor(private readonly size: number) {}

  /** Adds a message to its phase, and returns its bytes. */
  add(phase: string, from: number, to: number, tensors: readonly Tensor[]): number {
    const bytes = bytesOf(tensors);
    enter(this.of(phase), from, to, bytes);
    return bytes;
  }

  of(phase: string): Entry {
    let entry = this.phases.get(phase);
    if (!entry) {
      entry = { sent: new Float64Array(this.size), received: new Float64Array(this.size), messages: 0 };
      this.phases.set(phase, entry);
    }
    return entry;
  }
}

export function enter(entry: Entry, from: number, to: number, bytes: number): void {
  entry.sent[from] += bytes;
  entry.received[to] += bytes;
  entry.messages++;
}

export function bytesOf(tensors: readonly Tensor[]): number {
  let bytes = 0;
  for (const { dtype, shape } of tensors) bytes += sizeOf(shape) * bytesOfType(dtype);
  return bytes;
}
