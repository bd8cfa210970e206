import { type FullCapabilities, gradientsOf, resolveCapabilities } from '../../../spec/claims/capabilities.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { NativeManifest, Operator } from '../../../spec/types/documents.js';
import { type Call, type Kernel, Unsupported } from '../../kernel.js';
import type { Library } from '../../system/shared-library.js';
import { NativePass, type PassSignature } from './function.js';

export interface CheckedManifest {
  readonly manifest: NativeManifest;
  /** Claimed operators that have documents. */
  readonly operators: readonly Operator[];
  readonly forward: PassSignature;
  readonly backward?: PassSignature;
  /** Pass for calls on a paged cache. */
  readonly paged?: PassSignature;
}

/** Opens the kernel of a library. @throws {Unavailable} if the library lacks a symbol. */
export async function openKernel(library: Library, checked: CheckedManifest): Promise<Kernel> {
  const { manifest, operators, forward, backward, paged } = checked;
  return new NativeKernel(
    library.environment,
    resolveCapabilities(manifest.capabilities, manifest.adapter.id),
    operators,
    await NativePass.open(library, forward, checked),
    backward && (await NativePass.open(library, backward, checked)),
    paged && (await NativePass.open(library, paged, checked)),
  );
}

class NativeKernel implements Kernel {
  readonly environment: Readonly<Record<string, string>>;
  readonly #capabilities: FullCapabilities;
  readonly #operators: readonly Operator[];
  readonly #forward: NativePass;
  readonly #backward?: NativePass;
  readonly #paged?: NativePass;

  constructor(
    environment: Readonly<Record<string, string>>,
    capabilities: FullCapabilities,
    operators: readonly Operator[],
    forward: NativePass,
    backward?: NativePass,
    paged?: NativePass,
  ) {
    this.environment = environment;
    this.#capabilities = capabilities;
    this.#operators = operators;
    this.#forward = forward;
    this.#backward = backward;
    this.#paged = paged;
  }

  async forward(call: Call): Promise<Tensors> {
    const { outputs, pages } = this.#capabilities;
    if (!call.tensors.k_pages) return pick(this.#forward.call(call), outputs);
    if (!this.#paged) throw new Unsupported('the manifest has no "paged" pass');
    return pick(this.#paged.call(call), pages?.append ? [...outputs, 'k_pages', 'v_pages'] : outputs);
  }

  async backward(call: Call): Promise<Tensors> {
    if (!this.#backward) throw new TypeError('the manifest has no "backward" pass');
    const tensors = { ...call.tensors };
    // for a block, the call has the o and lse of the whole attention
    const operator = this.#operators.find(({ name }) => name === call.case.operator);
    const outputs = ['o', 'lse', ...Object.keys(operator?.outputs ?? {})];
    if (outputs.some((name) => this.#backward?.reads(name) && !(name in tensors)))
      Object.assign(tensors, this.#forward.call(call), call.tensors);
    const claimed = operator ? gradientsOf(this.#capabilities, operator) : this.#capabilities.gradients;
    const gradients = claimed.map((name) => `d${name}`);
    return pick(this.#backward.call({ ...call, tensors }), gradients);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function pick(tensors: Tensors, names: readonly string[]): Tensors {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => names.includes(name)));
}
