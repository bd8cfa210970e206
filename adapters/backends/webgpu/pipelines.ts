/// <reference types="@webgpu/types" />
import { compileShader } from './compile.js';
import { isReadOnly, type Shader, shaderCode } from './shader.js';

/** Pipelines by shader and dtype. Sizes and options are uniforms, so cases compile no code. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #made = new Map<string, Promise<GPUComputePipeline>>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** @throws {ShaderError} */
  get(shader: Shader, dtype: 'f32' | 'f16'): Promise<GPUComputePipeline> {
    const key = `${shader.label} ${dtype}`;
    let pipeline = this.#made.get(key);
    if (!pipeline) {
      pipeline = this.#make(shader, dtype, key);
      this.#made.set(key, pipeline);
    }
    return pipeline;
  }

  async #make(shader: Shader, dtype: 'f32' | 'f16', label: string): Promise<GPUComputePipeline> {
    const module = await compileShader(this.#device, shaderCode(shader, dtype), label);
    const visibility = 0x4; // GPUShaderStage.COMPUTE
    // explicit, because an automatic layout omits unused bindings
    const layout = this.#device.createBindGroupLayout({
      entries: [
        { binding: 0, visibility, buffer: { type: 'uniform' } },
        ...shader.buffers.map((name, at): GPUBindGroupLayoutEntry => {
          return { binding: at + 1, visibility, buffer: { type: isReadOnly(name) ? 'read-only-storage' : 'storage' } };
        }),
      ],
    });
    return this.#device.createComputePipelineAsync({
      label,
      layout: this.#device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    });
  }
}
