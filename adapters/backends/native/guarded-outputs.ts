import { arrayOn, bytesOf, type TensorDType } from '../../../spec/tensor/dtype.js';
import { type Prefill, prefill } from '../../../spec/tensor/prefill.js';
import { sizeOf, type Tensor, tensor } from '../../../spec/tensor/tensor.js';
import { Intruded } from '../../kernel.js';

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
  readonly start: number;
  readonly end: number;
}

/** Bytes from which memory is given away with its outputs instead of being copied: at a million tokens they are gigabytes. */
const large = 2 ** 26;

/** Memory for what a library writes, with guard zones around each output. Reused from call to call, unless it is large. */
export class GuardedOutputs {
  #buffer = new ArrayBuffer(1 << 17);
  #placements: Placement[] = [];

  /** Contiguous tensors, good until they are taken. @param kind what they hold, so that an element never written shows. */
  place(outputs: readonly OutputSpec[], kind: Prefill): Record<string, Tensor> {
    let at = guard;
    this.#placements = outputs.map((output) => {
      const start = at;
      const end = start + sizeOf(output.shape) * bytesOf(output.dtype);
      at = Math.ceil(end / alignment) * alignment + 2 * guard;
      return { ...output, start, end };
    });
    if (this.#buffer.byteLength < at) this.#buffer = new ArrayBuffer(at < large ? 2 * at : at);
    new Uint8Array(this.#buffer, 0, at).fill(untouched[0]);
    return Object.fromEntries(
      this.#placements.map(({ name, dtype, shape, start, end }) => {
        const data = arrayOn(dtype, this.#buffer, start, (end - start) / bytesOf(dtype));
        prefill(dtype, data, kind);
        return [name, tensor(dtype, shape, data)];
      }),
    );
  }

  /** Returns the outputs as they are, for good. */
  take(outputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    if (this.#buffer.byteLength >= large) {
      this.#buffer = new ArrayBuffer(0);
      return { ...outputs };
    }
    // the memory is used again
    return Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, { ...t, data: t.data.slice() }]));
  }

  /** @throws {Intruded} where something was written outside the outputs. */
  check(): void {
    this.#placements.forEach(({ name, start, end }) => {
      const after = Buffer.from(this.#buffer, end, guard);
      if (!after.equals(untouched))
        throw new Intruded('overrun', `the kernel wrote after the end of its output ${name}, from byte +${firstTouched(after)} on`);
      const before = Buffer.from(this.#buffer, start - guard, guard);
      if (!before.equals(untouched))
        throw new Intruded(
          'overrun',
          `the kernel wrote before the start of its output ${name}, from byte −${guard - firstTouched(before)} on`,
        );
    });
  }
}

function firstTouched(zone: Buffer): number {
  return zone.findIndex((byte) => byte !== untouched[0]);
}
