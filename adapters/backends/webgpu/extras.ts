import { contiguousData, type Tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import { absent } from './parameters.js';

/** Optional tensors in one buffer, because shaders have few bindings. */
export class Extras {
  readonly #parts: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  #words = 0;

  /** Adds a BOOL as bytes, an I32 unchanged, floats as F32. Returns its word index, or `absent`. */
  add(t: Tensor | undefined): number {
    if (!t) return absent;
    const bytes = bytesOf(t);
    const at = this.#words;
    this.#parts.push({ at, bytes });
    this.#words += Math.ceil(bytes.length / 4);
    return at;
  }

  /** Returns at least one word, because bindings cannot be empty. */
  bytes(): Uint8Array {
    const all = new Uint8Array(Math.max(1, this.#words) * 4);
    for (const { at, bytes } of this.#parts) all.set(bytes, at * 4);
    return all;
  }
}

function bytesOf(t: Tensor): Uint8Array {
  const whole = t.dtype === 'bool' || t.dtype === 'i32' || t.dtype === 'f32';
  const data = whole ? contiguousData(t) : Float32Array.from(valuesOf(t));
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
