/// <reference types="@webgpu/types" />

import { type FullCapabilities, resolveCapabilities } from '../../../spec/claims/capabilities.js';
import type { Capabilities, Operator } from '../../../spec/types/documents.js';
import type { Case, Tensors } from '../../adapter.js';
import { type Call, DeviceLost, type Gradients, type Kernel, OutOfMemory, type Outputs, Unavailable } from '../../kernel.js';
import { CallNames } from '../manifest/names.js';
import { ShaderError } from '../webgpu/compile.js';
import { type Command, outputsOf } from './check.js';
import { exampleCase } from './example.js';
import { backwardOutputs, forwardOutputs, isClaimed, shapesOf } from './outputs.js';
import { ManifestProgram, type ProgramSource, type Wanted } from './program.js';

export interface ManifestKernelSource {
  readonly manifest: string;
  readonly capabilities: Capabilities;
  readonly operators: readonly Operator[];
  readonly forward: ProgramSource;
  readonly backward?: ProgramSource;
  readonly environment: Readonly<Record<string, string>>;
}

/** Compiles a manifest's programs on a device that the kernel then owns. @throws {Unavailable} */
export async function openManifestKernel(device: GPUDevice, source: ManifestKernelSource): Promise<Kernel> {
  try {
    const forward = await compile(device, source, source.forward, 'forward');
    const backward = source.backward && (await compile(device, source, source.backward, 'backward'));
    return new ManifestKernel(device, source, forward, backward);
  } catch (error) {
    device.destroy();
    throw error;
  }
}

/** Compiles a program and prepares the smallest case, to find faults of every case. */
async function compile(
  device: GPUDevice,
  source: ManifestKernelSource,
  program: ProgramSource,
  command: Command,
): Promise<ManifestProgram> {
  const { manifest, capabilities, operators } = source;
  const files = [...new Set([...program.sources.values()].map(({ path }) => path))].join(' and ');
  try {
    return await scoped(device, async () => {
      const compiled = await ManifestProgram.compile(device, program, outputsOf(command, operators));
      const names = new CallNames(capabilities, operators);
      for (const dtype of capabilities.dtypes) {
        const example = exampleCase(capabilities, dtype, operators[0]);
        await compiled.prepare(dtype, names.valuesIn(example, {}));
      }
      return compiled;
    });
  } catch (error) {
    if (error instanceof ShaderError) throw new Unavailable(error.message, `correct ${error.label} at the lines above`);
    throw new Unavailable(
      `${files} does not fit ${manifest}: ${(error as Error).message.trim()}`,
      `correct the entry, bindings or overrides in ${manifest} or ${files}`,
    );
  }
}

class ManifestKernel implements Kernel {
  readonly environment: Readonly<Record<string, string>>;
  readonly backward?: (call: Call) => Promise<Gradients>;
  readonly #device: GPUDevice;
  readonly #names: CallNames;
  readonly #full: FullCapabilities;
  readonly #operators: readonly Operator[];
  readonly #programs: readonly ManifestProgram[];

  constructor(device: GPUDevice, source: ManifestKernelSource, forward: ManifestProgram, backward: ManifestProgram | undefined) {
    this.environment = source.environment;
    this.#device = device;
    this.#names = new CallNames(source.capabilities, source.operators);
    this.#full = resolveCapabilities(source.capabilities, source.manifest);
    this.#operators = source.operators;
    this.#programs = backward ? [forward, backward] : [forward];
    if (backward) this.backward = async (call) => this.#claimed(call, await this.#backward(forward, backward, call));
  }

  async forward(call: Call): Promise<Outputs> {
    const [forward] = this.#programs;
    return this.#claimed(call, await this.#run(forward, call, this.#forwardOutputs(forward, call)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs) program.release();
    this.#device.destroy();
  }

  async #backward(forward: ManifestProgram, backward: ManifestProgram, call: Call): Promise<Gradients> {
    const outputs = outputsOf('forward', this.#operators);
    const needed = outputs.some((name) => backward.binds(name) && !call.tensors[name]);
    const own = needed ? await this.#run(forward, call, this.#forwardOutputs(forward, call)) : {};
    const whole = { ...call, tensors: { ...own, ...call.tensors } };
    return this.#run(backward, whole, backwardOutputs(backward, outputsOf('backward', this.#operators), whole));
  }

  #run(program: ManifestProgram, { case: c, tensors, prefill = 'nan' }: Call, wanted: Wanted): Promise<Tensors> {
    const values = this.#names.valuesIn(c, shapesOf(c, tensors, wanted, this.#operator(c)));
    return scoped(this.#device, () => program.run(c.dtype, values, tensors, wanted, prefill));
  }

  #claimed(call: Call, outputs: Tensors): Tensors {
    return Object.fromEntries(Object.entries(outputs).filter(([name]) => isClaimed(name, call, this.#full, this.#operator(call.case))));
  }

  #operator(c: Case): Operator | undefined {
    return this.#operators.find(({ name }) => name === c.operator);
  }

  #forwardOutputs(program: ManifestProgram, { case: c }: Call): Wanted {
    return forwardOutputs(program, outputsOf('forward', this.#operators), c, this.#operator(c));
  }
}

/** Runs work and throws WebGPU's asynchronous errors. @throws {OutOfMemory | DeviceLost | Error} */
async function scoped<T>(device: GPUDevice, work: () => Promise<T>): Promise<T> {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  const [result] = await Promise.allSettled([work()]);
  const [invalid, full] = await Promise.allSettled([device.popErrorScope(), device.popErrorScope()]);
  // device.lost comes first, so that it wins if the device is already lost
  const lost = await Promise.race([device.lost, undefined]);
  if (lost) throw new DeviceLost(lost.message || `the device is lost (${lost.reason})`);
  if (full.status === 'fulfilled' && full.value) throw new OutOfMemory(full.value.message);
  if (invalid.status === 'fulfilled' && invalid.value) throw new Error(invalid.value.message);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
