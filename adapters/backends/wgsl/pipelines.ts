/// <reference types="@webgpu/types" />
import type { DType, WgslBinding, WgslPass, WgslProgram } from '../../../spec/types/documents.js';
import type { CallValues } from '../manifest/names.js';
import { evaluate } from './uniforms.js';

/** Maximum number of pipelines: override values vary; the least recently used are dropped. */
const kept = 64;

/** Returns the bind group layouts of a program, for each group from 0 on. */
export function layoutsOf(device: GPUDevice, program: WgslProgram, isOutput: (tensor: string) => boolean): GPUBindGroupLayout[] {
  const entries = [...program.bindings.map((b) => ({ ...b, type: storageType(b, isOutput) })), ...uniformEntry(program)];
  const groups = 1 + Math.max(...entries.map(({ group = 0 }) => group));
  return Array.from({ length: groups }, (_, x) =>
    device.createBindGroupLayout({
      entries: entries
        .filter(({ group = 0 }) => group === x)
        .map(({ binding, type }) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
    }),
  );
}

function storageType({ tensor, access }: WgslBinding, isOutput: (tensor: string) => boolean): GPUBufferBindingType {
  return (access ?? (isOutput(tensor) ? 'read_write' : 'read')) === 'read' ? 'read-only-storage' : 'storage';
}

function uniformEntry({ uniforms }: WgslProgram): { group?: number; binding: number; type: GPUBufferBindingType }[] {
  return uniforms ? [{ group: uniforms.group, binding: uniforms.binding, type: 'uniform' }] : [];
}

export function passesOf({ entry, workgroups, passes }: WgslProgram): readonly WgslPass[] {
  return passes ?? [{ entry: entry as string, workgroups: workgroups as WgslPass['workgroups'] }];
}

/** Pipelines of a program's passes, made once per dtype and override values. */
export class Pipelines {
  readonly #made = new Map<string, Promise<GPUComputePipeline[]>>();

  constructor(
    readonly device: GPUDevice,
    readonly program: WgslProgram,
    readonly layout: GPUPipelineLayout,
    readonly modules: ReadonlyMap<DType, GPUShaderModule>,
  ) {}

  /** @throws {GPUPipelineError} if the shader does not fit its bindings, entry or values. */
  get(dtype: DType, values: CallValues): Promise<GPUComputePipeline[]> {
    const constants = Object.fromEntries(
      Object.entries(this.program.overrides ?? {}).map(([name, value]) => [name, evaluate(value, values)]),
    );
    const key = JSON.stringify([dtype, constants]);
    const pipelines = this.#made.get(key) ?? this.#make(dtype, constants);
    this.#made.delete(key);
    this.#made.set(key, pipelines);
    if (this.#made.size > kept) this.#made.delete(this.#made.keys().next().value as string);
    return pipelines;
  }

  #make(dtype: DType, constants: Record<string, number>): Promise<GPUComputePipeline[]> {
    const module = this.modules.get(dtype) as GPUShaderModule;
    return Promise.all(
      passesOf(this.program).map(({ entry }) =>
        this.device.createComputePipelineAsync({ label: entry, layout: this.layout, compute: { module, entryPoint: entry, constants } }),
      ),
    );
  }
}
