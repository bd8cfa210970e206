/// <reference types="@webgpu/types" />
import type { Prefill } from '../../../spec/tensor/prefill.js';
import type { DType, WgslProgram } from '../../../spec/types/documents.js';
import type { Tensor, Tensors } from '../../adapter.js';
import type { CallValues } from '../manifest/names.js';
import { compileShader } from '../webgpu/compile.js';
import { Buffers, tensorFrom } from './buffers.js';
import { layoutsOf, Pipelines, passesOf } from './pipelines.js';
import { countWorkgroups, evaluate, packFields } from './uniforms.js';

export interface Source {
  readonly path: string;
  readonly code: string;
}

/** Program with its WGSL text for each dtype. */
export interface ProgramSource {
  readonly program: WgslProgram;
  readonly sources: ReadonlyMap<DType, Source>;
}

/** Dtype and shape of each output to write. */
export type Wanted = Readonly<Record<string, Pick<Tensor, 'dtype' | 'shape'>>>;

/** Program of a manifest, compiled for a device. */
export class ManifestProgram {
  readonly #device: GPUDevice;
  readonly #program: WgslProgram;
  readonly #layouts: readonly GPUBindGroupLayout[];
  readonly #pipelines: Pipelines;
  readonly #buffers: Buffers;

  private constructor(device: GPUDevice, program: WgslProgram, layouts: readonly GPUBindGroupLayout[], pipelines: Pipelines) {
    this.#device = device;
    this.#program = program;
    this.#layouts = layouts;
    this.#pipelines = pipelines;
    this.#buffers = new Buffers(device);
  }

  /** Compiles a program. @param outputs tensors that it may write. @throws {ShaderError} */
  static async compile(device: GPUDevice, { program, sources }: ProgramSource, outputs: readonly string[]): Promise<ManifestProgram> {
    const modules = new Map<DType, GPUShaderModule>();
    for (const [dtype, { path, code }] of sources) modules.set(dtype, await compileShader(device, code, path));
    const written: readonly string[] = [...outputs, ...Object.keys(program.scratch ?? {})];
    const layouts = layoutsOf(device, program, (tensor) => written.includes(tensor));
    const layout = device.createPipelineLayout({ bindGroupLayouts: layouts });
    return new ManifestProgram(device, program, layouts, new Pipelines(device, program, layout, modules));
  }

  binds(tensor: string): boolean {
    return this.#program.bindings.some((binding) => binding.tensor === tensor);
  }

  /** Returns an output's declared dtype; undefined for the case's dtype. */
  outputDType(tensor: string): 'f32' | undefined {
    return this.#program.bindings.find((binding) => binding.tensor === tensor)?.dtype;
  }

  /** Makes the pipelines for these values. @throws {GPUPipelineError} */
  async prepare(dtype: DType, values: CallValues): Promise<void> {
    await this.#pipelines.get(dtype, values);
  }

  /** Runs every pass and downloads the outputs. @param kind initial content of the outputs. */
  async run(dtype: DType, values: CallValues, tensors: Tensors, wanted: Wanted, kind: Prefill): Promise<Tensors> {
    const pipelines = await this.#pipelines.get(dtype, values);
    const encoder = this.#device.createCommandEncoder();
    const bound = this.#bind(encoder, values, tensors, wanted, kind);
    const groups = this.#groups(bound, values);
    passesOf(this.#program).forEach(({ workgroups }, x) => {
      const [countX, countY = 1, countZ = 1] = countWorkgroups(workgroups, values);
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipelines[x]);
      for (const [index, group] of groups.entries()) pass.setBindGroup(index, group);
      pass.dispatchWorkgroups(countX, countY, countZ);
      pass.end();
    });
    return this.#download(encoder, bound, wanted);
  }

  release(): void {
    this.#buffers.release();
  }

  #bind(encoder: GPUCommandEncoder, values: CallValues, tensors: Tensors, wanted: Wanted, kind: Prefill): Map<string, GPUBufferBinding> {
    const { bindings, scratch = {} } = this.#program;
    const bound = new Map<string, GPUBufferBinding>();
    for (const { tensor: name } of bindings) {
      if (Object.hasOwn(scratch, name)) {
        const buffer = this.#buffers.get(name, evaluate(scratch[name], values), GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
        encoder.clearBuffer(buffer.buffer, 0, buffer.size);
        bound.set(name, buffer);
      } else if (wanted[name]) bound.set(name, this.#buffers.output(name, wanted[name], kind));
      else bound.set(name, tensors[name] ? this.#buffers.upload(name, tensors[name]) : this.#buffers.absent(name));
    }
    return bound;
  }

  #groups(bound: ReadonlyMap<string, GPUBufferBinding>, values: CallValues): GPUBindGroup[] {
    const { bindings, uniforms } = this.#program;
    const entries = bindings.map(({ group = 0, binding, tensor }) => ({ group, binding, resource: bound.get(tensor) as GPUBufferBinding }));
    if (uniforms) {
      const bytes = packFields(uniforms.fields, values);
      const resource = this.#buffers.get('@uniforms', bytes.byteLength, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
      this.#device.queue.writeBuffer(resource.buffer, 0, bytes);
      entries.push({ group: uniforms.group ?? 0, binding: uniforms.binding, resource });
    }
    return this.#layouts.map((layout, x) =>
      this.#device.createBindGroup({
        layout,
        entries: entries.filter(({ group }) => group === x).map(({ binding, resource }) => ({ binding, resource })),
      }),
    );
  }

  async #download(encoder: GPUCommandEncoder, bound: ReadonlyMap<string, GPUBufferBinding>, wanted: Wanted): Promise<Tensors> {
    const parts = Object.entries(wanted).map(([name, t]) => ({ name, t, binding: bound.get(name) as Required<GPUBufferBinding> }));
    const total = parts.reduce((sum, { binding }) => sum + binding.size, 0);
    const { buffer } = this.#buffers.get('@read-back', total, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    let at = 0;
    for (const { binding } of parts) {
      encoder.copyBufferToBuffer(binding.buffer, 0, buffer, at, binding.size);
      at += binding.size;
    }
    this.#device.queue.submit([encoder.finish()]);
    await buffer.mapAsync(GPUMapMode.READ, 0, total);
    const bytes = buffer.getMappedRange(0, total).slice(0);
    buffer.unmap();
    at = 0;
    const outputs: Tensors = {};
    for (const { name, t, binding } of parts) {
      outputs[name] = tensorFrom(t, bytes.slice(at, at + binding.size));
      at += binding.size;
    }
    return outputs;
  }
}
