import { arrayOn, bytesOf, type TensorDType } from '../../../spec/tensor/dtype.js';
import { type Prefill, prefill } from '../../../spec/tensor/prefill.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';

const guard = 64;

interface Placement {
  readonly name: string;
  readonly dtype: TensorDType;
  readonly start: number;
  readonly end: number;
}

export interface Intrusion {
  readonly kind: 'mutated-input' | 'overrun';
  readonly message: string;
}

/** Copies tensors into one reused buffer with guard zones, which must be unchanged after a call. */
export class GuardedInputs {
  private buffer = new ArrayBuffer(1 << 16);
  private snapshot = Buffer.alloc(1 << 16);
  private length = 0;
  private placements: Placement[] = [];

  /** Places tensors. @param kind fill of guard zones: reads beyond a tensor show. */
  place(tensors: Tensors, kind: Prefill): Tensors {
    this.placements = [];
    let at = guard;
    for (const [name, t] of Object.entries(tensors)) {
      const end = at + t.data.length * bytesOf(t.dtype);
      this.placements.push({ name, dtype: t.dtype, start: at, end });
      at = Math.ceil(end / guard) * guard + guard;
    }
    this.reserve(at);
    const bytes = new Uint8Array(this.buffer, 0, at);
    this.guard(kind);
    const placed: Tensors = {};
    this.placements.forEach(({ name, start, end }) => {
      const t = tensors[name];
      bytes.set(new Uint8Array(t.data.buffer, t.data.byteOffset, end - start), start);
      placed[name] = { ...t, data: arrayOn(t.dtype, this.buffer, start, t.data.length) };
    });
    this.snapshot.set(bytes);
    return placed;
  }

  intrusion(): Intrusion | undefined {
    if (this.buffer.byteLength < this.length) {
      this.buffer = new ArrayBuffer(0);
      return { kind: 'mutated-input', message: 'the kernel took the memory of its inputs away (it detached their buffer)' };
    }
    const now = Buffer.from(this.buffer, 0, this.length);
    if (now.compare(this.snapshot, 0, this.length) === 0) return undefined;
    const at = now.findIndex((byte, i) => byte !== this.snapshot[i]);
    const inside = this.placements.find(({ start, end }) => at >= start && at < end);
    if (inside)
      return {
        kind: 'mutated-input',
        message: `the kernel wrote into its input ${inside.name} (byte ${at - inside.start} of ${inside.end - inside.start})`,
      };
    const after = this.placements.findLast(({ end }) => end <= at);
    const where = after
      ? `at byte ${at - after.end} after the end of input ${after.name}`
      : `before the start of input ${this.placements[0]?.name}`;
    return { kind: 'overrun', message: `the kernel wrote outside its inputs, ${where}` };
  }

  private guard(kind: Prefill): void {
    const fill = (dtype: TensorDType, start: number, end: number) =>
      prefill(dtype, arrayOn(dtype, this.buffer, start, (end - start) / bytesOf(dtype)), kind);
    fill(this.placements[0]?.dtype ?? 'f32', 0, Math.min(guard, this.length));
    this.placements.forEach(({ dtype, end }, at) => {
      fill(dtype, end, this.placements[at + 1]?.start ?? this.length);
    });
  }

  private reserve(length: number): void {
    this.length = length;
    if (this.buffer.byteLength >= length) return;
    const size = Math.max(length, 2 * this.snapshot.length);
    this.buffer = new ArrayBuffer(size);
    this.snapshot = Buffer.alloc(size);
  }
}
