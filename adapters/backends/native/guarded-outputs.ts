import { arrayOn, bytesOf, type TensorDType } from '../../../spec/tensor/dtype.js';
import { type Prefill, prefill } from '../../../spec/tensor/prefill.js';
import { sizeOf, type Tensor, tensor } from '../../../spec/tensor/tensor.js';
import { Intruded } from '../../kernel.js';
import { type GuardedPages, pageBytes } from '../../system/guarded-pages.js';

/** Guard bytes before and after each output, to catch kernels that round rows up to a tile. */
const guard = 4096;
const untouched = Buffer.alloc(guard, 0xa5);
const alignment = 64;

export interface OutputSpec {
  readonly name: string;
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
}

interface Placement extends OutputSpec {
  readonly buffer: ArrayBuffer;
  readonly start: number;
  readonly end: number;
}

/** Buffers of at least this many bytes are handed out instead of copied. */
const large = 2 ** 26;

/** Memory for outputs, each between guard zones, and between protected pages if available. */
export class GuardedOutputs {
  readonly #pages: GuardedPages | undefined;
  readonly #buffers: Map<number, ArrayBuffer>[] = [];
  #placements: Placement[] = [];

  /** @param pages allocates between protected pages; by default there are only guard zones. */
  constructor(pages?: GuardedPages) {
    this.#pages = pages;
  }

  /** Returns contiguous tensors, valid until `take`, filled so that unwritten elements show. */
  place(outputs: readonly OutputSpec[], kind: Prefill): Record<string, Tensor> {
    this.#placements = outputs.map((output, at) => {
      const bytes = sizeOf(output.shape) * bytesOf(output.dtype);
      const buffer = this.#bufferFor(at, bytes + 2 * guard + alignment);
      // at the end, next to the guard: overruns there are the most common
      const start = Math.floor((buffer.byteLength - guard - bytes) / alignment) * alignment;
      return { ...output, buffer, start, end: start + bytes };
    });
    return Object.fromEntries(
      this.#placements.map(({ name, dtype, shape, buffer, start, end }) => {
        new Uint8Array(buffer).fill(untouched[0]);
        const data = arrayOn(dtype, buffer, start, (end - start) / bytesOf(dtype));
        prefill(dtype, data, kind);
        return [name, tensor(dtype, shape, data)];
      }),
    );
  }

  take(outputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(outputs).map(([name, t]) => [name, t.data.buffer.byteLength < large ? { ...t, data: t.data.slice() } : t]),
    );
  }

  /** @throws {Intruded} if a guard zone was written to. */
  check(): void {
    for (const { name, buffer, start, end } of this.#placements) {
      const after = firstTouched(Buffer.from(buffer, end));
      if (after >= 0) throw new Intruded('overrun', `the kernel wrote after the end of its output ${name}, from byte +${after} on`);
      const before = firstTouched(Buffer.from(buffer, 0, start));
      if (before >= 0)
        throw new Intruded('overrun', `the kernel wrote before the start of its output ${name}, from byte −${start - before} on`);
    }
  }

  #bufferFor(at: number, bytes: number): ArrayBuffer {
    const size = bytes < large ? Math.max(pageBytes, 2 ** Math.ceil(Math.log2(bytes))) : bytes;
    this.#buffers[at] ??= new Map();
    const known = this.#buffers[at].get(size);
    if (known) return known;
    const made = (size < large && this.#pages?.map(size)) || new ArrayBuffer(size);
    // large buffers are handed out, not reused
    if (size < large) this.#buffers[at].set(size, made);
    return made;
  }
}

/** Returns the index of the first byte that was written to, or −1. */
function firstTouched(zone: Buffer): number {
  for (let at = 0; at < zone.length; at += guard) {
    const part = zone.subarray(at, at + guard);
    if (!part.equals(untouched.subarray(0, part.length))) return at + part.findIndex((byte) => byte !== untouched[0]);
  }
  return -1;
}
