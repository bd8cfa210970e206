/// <reference types="@webgpu/types" />
import { DeviceLost } from '../../kernel.js';
import { Arena, type Region } from './arena.js';
import type { DeviceProblem } from './device-problem.js';
import { parameterWords } from './parameters.js';
import { Pipelines } from './pipelines.js';
import type { Schedule } from './schedule.js';
import type { BufferName } from './shader.js';

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
