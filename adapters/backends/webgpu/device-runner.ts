/// <reference types="@webgpu/types" />
/// <reference types="@webgpu/types" />
import { DeviceLost, OutOfMemory } from '../../kernel.js';
import type { DeviceProblem } from './device-problem.js';
import { parameterWords } from './parameters.js';
import { Pipelines } from './pipelines.js';
import type { Schedule } from './schedule.js';
import type { BufferName } from './shader.js';

/** Alignment of regions: the largest that any device requires of binding offsets. */
const alignment = 256;

interface Region {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** Growing buffer that holds the regions of a call side by side. */
class Arena {
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

// flags of GPUBufferUsage and GPUMapMode, which are globals in browsers only
const MAP_READ = 0x1;
const COPY_SRC = 0x4;
const COPY_DST = 0x8;
const UNIFORM = 0x40;
const STORAGE = 0x80;

const mostAlong = 65535;

/** Schedule of a call, with buffers to upload and download. */
export interface Work extends Schedule {
  readonly problem: DeviceProblem;
  /** Bytes written before the first step: inputs, and outputs that the call has. */
  readonly upload: ReadonlyMap<BufferName, Uint8Array>;
  /** Buffers read after the last step. */
  readonly download: readonly BufferName[];
}

/** Runs schedules on a device that it owns, with one submission and one read per call. */
export class DeviceRunner {
  readonly #device: GPUDevice;
  readonly #pipelines: Pipelines;
  readonly #inputs: Arena;
  readonly #written: Arena;
  readonly #read: Arena;
  readonly #uniform: GPUBuffer;
  #lost: GPUDeviceLostInfo | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#pipelines = new Pipelines(device);
    this.#inputs = new Arena(device, STORAGE | COPY_DST);
    this.#written = new Arena(device, STORAGE | COPY_DST | COPY_SRC);
    this.#read = new Arena(device, MAP_READ | COPY_DST);
    this.#uniform = device.createBuffer({ size: 256, usage: UNIFORM | COPY_DST });
    device.lost.then((info) => {
      this.#lost = info;
    });
  }

  /** @throws {DeviceLost} @throws {OutOfMemory} @throws {ShaderError} */
  async run(work: Work): Promise<Map<BufferName, ArrayBuffer>> {
    try {
      return await this.#run(work);
    } catch (error) {
      // promises of a lost device may reject before or after the loss is reported
      await Promise.resolve();
      throw this.#lost ? new DeviceLost(`the GPU device is lost: ${this.#lost.message || this.#lost.reason}`) : error;
    }
  }

  dispose(): void {
    this.#device.destroy();
  }

  async #run({ problem, steps, sizes, upload, download }: Work): Promise<Map<BufferName, ArrayBuffer>> {
    const pipelines = await Promise.all(steps.map(({ shader }) => this.#pipelines.get(shader, problem.dtype)));
    const inputs = new Map([...upload].filter(([name]) => !sizes.has(name)).map(([name, bytes]) => [name, bytes.byteLength]));
    const regions = new Map([...(await this.#inputs.place(inputs)), ...(await this.#written.place(sizes))]);
    const staging = await this.#read.place(new Map(download.map((name) => [name, sizes.get(name) as number])));
    this.#device.pushErrorScope('validation');
    this.#device.queue.writeBuffer(this.#uniform, 0, parameterWords(problem.parameters));
    for (const [name, bytes] of upload) this.#write(regions.get(name) as Region, bytes);
    const encoder = this.#device.createCommandEncoder();
    steps.forEach(({ shader, workgroups }, at) => {
      const compute = encoder.beginComputePass();
      compute.setPipeline(pipelines[at]);
      compute.setBindGroup(0, this.#bind(pipelines[at], shader.buffers, regions));
      compute.dispatchWorkgroups(Math.min(workgroups, mostAlong), Math.ceil(workgroups / mostAlong));
      compute.end();
    });
    for (const [name, to] of staging) {
      const from = regions.get(name) as Region;
      encoder.copyBufferToBuffer(from.buffer, from.offset, to.buffer, to.offset, to.size);
    }
    this.#device.queue.submit([encoder.finish()]);
    const invalid = this.#device.popErrorScope();
    const bytes = this.#map(staging);
    const error = await invalid;
    if (error) throw new Error(error.message);
    return bytes;
  }

  #bind(pipeline: GPUComputePipeline, buffers: readonly BufferName[], regions: ReadonlyMap<BufferName, Region>): GPUBindGroup {
    const bound = buffers.map((name, at): GPUBindGroupEntry => {
      return { binding: at + 1, resource: regions.get(name) as Region };
    });
    return this.#device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: this.#uniform } }, ...bound],
    });
  }

  /** Writes bytes, padded with zeros to whole words. */
  #write({ buffer, offset, size }: Region, bytes: Uint8Array): void {
    let whole = bytes;
    if (bytes.byteLength < size) {
      whole = new Uint8Array(size);
      whole.set(bytes);
    }
    this.#device.queue.writeBuffer(buffer, offset, whole as Uint8Array<ArrayBuffer>, 0, size);
  }

  async #map(staging: ReadonlyMap<BufferName, Region>): Promise<Map<BufferName, ArrayBuffer>> {
    const regions = [...staging];
    const [, { buffer }] = regions[0];
    const [, last] = regions[regions.length - 1];
    const end = last.offset + last.size;
    await buffer.mapAsync(MAP_READ, 0, end);
    const mapped = buffer.getMappedRange(0, end);
    const copies = new Map(regions.map(([name, { offset, size }]) => [name, mapped.slice(offset, offset + size)]));
    buffer.unmap();
    return copies;
  }
}
