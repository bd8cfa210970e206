/// <reference types="@webgpu/types" />
import { arrayOn, bytesOf } from '../../../spec/tensor/dtype.js';
import { type Prefill, prefill } from '../../../spec/tensor/prefill.js';
import { sizeOf, type Tensor, tensor } from '../../../spec/tensor/tensor.js';
import { OutOfMemory } from '../../kernel.js';

const word = 4;
/** Bytes of a placeholder buffer for a tensor that a call lacks. */
const leastBytes = 16;

/** Buffers by name, which grow on demand; a binding has its tensor's length. */
export class Buffers {
  readonly #device: GPUDevice;
  readonly #buffers = new Map<string, GPUBuffer>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Returns a binding in whole words. @throws {OutOfMemory} above the device's limit. */
  get(name: string, bytes: number, usage: GPUBufferUsageFlags): GPUBufferBinding {
    const size = Math.max(word, Math.ceil(bytes / word) * word);
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (size > most) throw new OutOfMemory(`the buffer ${name} has ${size} bytes, but this device binds at most ${most}`);
    let buffer = this.#buffers.get(name);
    if (!buffer || buffer.size < size) {
      buffer?.destroy();
      buffer = this.#device.createBuffer({ label: name, size: Math.min(most, 2 ** Math.ceil(Math.log2(size))), usage });
      this.#buffers.set(name, buffer);
    }
    return { buffer, size };
  }

  /** Uploads the tensor's buffer; each BOOL becomes a u32. */
  upload(name: string, t: Tensor): GPUBufferBinding {
    const bytes = bytesForShader(t);
    const binding = this.get(name, bytes.byteLength, storage());
    this.#device.queue.writeBuffer(binding.buffer, 0, bytes);
    return binding;
  }

  /** Returns an output buffer, filled with `kind` so that unwritten elements show. */
  output(name: string, t: Pick<Tensor, 'dtype' | 'shape'>, kind: Prefill): GPUBufferBinding {
    const binding = this.get(name, sizeOf(t.shape) * bytesOf(t.dtype), storage());
    const bytes = new ArrayBuffer(binding.size as number);
    prefill(t.dtype, arrayOn(t.dtype, bytes, 0, bytes.byteLength / bytesOf(t.dtype)), kind);
    this.#device.queue.writeBuffer(binding.buffer, 0, bytes);
    return binding;
  }

  absent(name: string): GPUBufferBinding {
    const binding = this.get(name, leastBytes, storage());
    this.#device.queue.writeBuffer(binding.buffer, 0, new Uint8Array(leastBytes));
    return binding;
  }

  release(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }
}

/** Returns the usage flags; Dawn defines them only once it is open. */
function storage(): GPUBufferUsageFlags {
  return GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
}

/** Returns the bytes of a view's whole buffer, padded to whole words. */
function bytesForShader({ dtype, data }: Tensor): Uint8Array<ArrayBuffer> {
  const elements = dtype === 'bool' ? Uint32Array.from(data) : data;
  const bytes = new Uint8Array(Math.ceil(elements.byteLength / word) * word);
  bytes.set(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength));
  return bytes;
}

/** Returns a contiguous tensor over downloaded bytes. */
export function tensorFrom({ dtype, shape }: Pick<Tensor, 'dtype' | 'shape'>, bytes: ArrayBuffer): Tensor {
  return tensor(dtype, shape, arrayOn(dtype, bytes, 0, sizeOf(shape)));
}
