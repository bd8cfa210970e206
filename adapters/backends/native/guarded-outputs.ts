import { arrayOn, bytesOf, type TensorDType } from '../../../spec/tensor/dtype.js';
import { type Prefill, prefill } from '../../../spec/tensor/prefill.js';
import { sizeOf, type Tensor, tensor } from '../../../spec/tensor/tensor.js';
import { Intruded } from '../../kernel.js';
import { type GuardedPages, pageBytes } from '../../system/guarded-pages.js';

/** Bytes before and after each output: a kernel that rounds its rows up to a tile runs into them. */
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

/** Bytes from which memory is given away with its outputs instead of being copied: at a million tokens they are gigabytes. */
const large = 2 ** 26;

/**
 * Memory for what a library writes: each output alone between guard zones, and these between pages that may not be touched, where there are
 * such pages and the output is not large. Reused from call to call, unless it is large.
 */
export class GuardedOutputs {
  readonly #pages: GuardedPages | undefined;
  /** Buffers of each output, by their sizes. */
  readonly #buffers: Map<number, ArrayBuffer>[] = [];
  #placements: Placement[] = [];

  /** @param pages pages between those that may not be touched; by default memory of JavaScript, in which only the guard zones are looked at. */
  constructor(pages?: GuardedPages) {
    this.#pages = pages;
  }

  /** Contiguous tensors, good until they are taken. @param kind what they hold, so that an element never written shows. */
  place(outputs: readonly OutputSpec[], kind: Prefill): Record<string, Tensor> {
    this.#placements = outputs.map((output, at) => {
      const bytes = sizeOf(output.shape) * bytesOf(output.dtype);
      const buffer = this.#bufferFor(at, bytes + 2 * guard + alignment);
      // at the end, as an overrun is usual there
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

  /** Returns the outputs as they are, for good. */
  take(outputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    // memory that is not large is used again
    return Object.fromEntries(
      Object.entries(outputs).map(([name, t]) => [name, t.data.buffer.byteLength < large ? { ...t, data: t.data.slice() } : t]),
    );
  }

  /** @throws {Intruded} where something was written outside the outputs. */
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
    // what is large is given away
    if (size < large) this.#buffers[at].set(size, made);
    return made;
  }
}

/** Place of the first byte that was written to; −1 if there is none. */
function firstTouched(zone: Buffer): number {
  for (let at = 0; at < zone.length; at += guard) {
    const part = zone.subarray(at, at + guard);
    if (!part.equals(untouched.subarray(0, part.length))) return at + part.findIndex((byte) => byte !== untouched[0]);
  }
  return -1;
}
