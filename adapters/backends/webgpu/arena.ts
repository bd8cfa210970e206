/// <reference types="@webgpu/types" />
import { OutOfMemory } from '../../kernel.js';

/** Alignment of regions: the largest that any device requires of binding offsets. */
const alignment = 256;

export interface Region {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** Growing buffer that holds the regions of a call side by side. */
export class Arena {
  readonly #device: GPUDevice;
  readonly #usage: GPUBufferUsageFlags;
  #buffer: GPUBuffer | undefined;

  constructor(device: GPUDevice, usage: GPUBufferUsageFlags) {
    this.#device = device;
    this.#usage = usage;
  }

  /** Returns a region for each size in bytes, dropping earlier contents. @throws {OutOfMemory} */
  async place<Name extends string>(sizes: ReadonlyMap<Name, number>): Promise<Map<Name, Region>> {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#device.limits;
    const regions: [Name, { offset: number; size: number }][] = [];
    let total = 0;
    for (const [name, bytes] of sizes) {
      const size = Math.ceil(bytes / 4) * 4;
      if (size > maxStorageBufferBindingSize)
        throw new OutOfMemory(`the buffer ${name} has ${size} bytes, but the device binds at most ${maxStorageBufferBindingSize}`);
      regions.push([name, { offset: total, size }]);
      total += Math.ceil(size / alignment) * alignment;
    }
    if (total > maxBufferSize)
      throw new OutOfMemory(`the call needs a buffer of ${total} bytes, but the device creates at most ${maxBufferSize}`);
    const buffer = await this.#atLeast(total);
    return new Map(regions.map(([name, region]) => [name, { buffer, ...region }]));
  }

  async #atLeast(bytes: number): Promise<GPUBuffer> {
    if (this.#buffer && this.#buffer.size >= bytes) return this.#buffer;
    this.#buffer?.destroy();
    this.#buffer = undefined;
    // allocate twice the need, within the device's limit, so that growth is rare
    const size = Math.min(Math.max(2 * bytes, 1 << 20), this.#device.limits.maxBufferSize - (this.#device.limits.maxBufferSize % 4));
    this.#device.pushErrorScope('out-of-memory');
    const buffer = this.#device.createBuffer({ size, usage: this.#usage });
    const error = await this.#device.popErrorScope();
    if (error) throw new OutOfMemory(`the device could not create a buffer of ${size} bytes: ${error.message}`);
    this.#buffer = buffer;
    return buffer;
  }
}
