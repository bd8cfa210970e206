import type { DType } from '../../../spec/tensor/dtype.js';
import { prefillOf } from '../../../spec/tensor/prefill.js';
import { contiguousData, type Tensors } from '../../../spec/tensor/tensor.js';
import type { NativeManifest } from '../../../spec/types/documents.js';
import type { Case } from '../../adapter.js';
import { type Call, OutOfMemory } from '../../kernel.js';
import type { NativeFunction as Callable, Library } from '../../system/shared-library.js';
import type { Argument } from './arguments.js';
import { callType, storedAs } from './c-type.js';
import { GuardedOutputs, type OutputSpec } from './guarded-outputs.js';
import { dtypeOf } from './names.js';
import { valuesOfCall } from './values.js';

/** One pass of a manifest: its symbol and checked arguments. */
export interface PassSignature {
  readonly symbol: string;
  readonly arguments: readonly Argument[];
}

/** A pass of a library, ready to be called, with a function for each dtype where the symbol says so. */
export class NativePass {
  readonly #pass: PassSignature;
  readonly #manifest: NativeManifest;
  readonly #functions: ReadonlyMap<DType, Callable>;
  readonly #memory = new GuardedOutputs();

  private constructor(pass: PassSignature, manifest: NativeManifest, functions: ReadonlyMap<DType, Callable>) {
    this.#pass = pass;
    this.#manifest = manifest;
    this.#functions = functions;
  }

  /** @throws {Unavailable} where the library lacks a symbol. */
  static async open(library: Library, pass: PassSignature, manifest: NativeManifest): Promise<NativePass> {
    const functions = new Map<DType, Callable>();
    for (const dtype of manifest.capabilities.dtypes) {
      const symbol = pass.symbol.replaceAll('{dtype}', dtype);
      const types = pass.arguments.map(({ type }) => callType(type));
      functions.set(dtype, await library.function({ symbol, result: manifest.returns ?? 'int', arguments: types }));
    }
    return new NativePass(pass, manifest, functions);
  }

  reads(tensor: string): boolean {
    return this.#pass.arguments.some((argument) => argument.kind === 'input' && argument.tensor === tensor);
  }

  /**
   * Every output that the function has a place for and the call a shape.
   * @throws {Intruded} where it wrote outside its outputs. @throws {OutOfMemory} where its code says so.
   */
  call({ case: c, tensors }: Call): Tensors {
    const outputs = this.#memory.place(this.#outputs(c, tensors), prefillOf(c));
    // a cache is written in place
    for (const [name, output] of Object.entries(outputs)) if (tensors[name]) output.data.set(contiguousData(tensors[name]));
    const values = valuesOfCall(this.#pass.arguments, c, { ...tensors, ...outputs }, this.#manifest.capabilities);
    const code = (this.#functions.get(c.dtype) as Callable)(...values);
    this.#memory.check();
    if (this.#manifest.returns !== 'void' && code !== 0) this.#fail(Number(code));
    // the memory is used again
    return Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, { ...t, data: t.data.slice() }]));
  }

  #outputs(c: Case, tensors: Tensors): OutputSpec[] {
    return this.#pass.arguments.flatMap((argument) => {
      if (argument.kind !== 'output') return [];
      const { tensor: name, type } = argument;
      const shape = shapeOf(name, c, tensors);
      const exact = type.base === 'void' ? dtypeOf(name, c.dtype) : storedAs(type, c.dtype);
      return shape ? [{ name, dtype: exact, shape }] : [];
    });
  }

  #fail(code: number): never {
    const meaning = this.#manifest.codes?.[String(code)];
    if (meaning === 'out-of-memory') throw new OutOfMemory(`${this.#pass.symbol} returned ${code}: out of memory`);
    throw new Error(`${this.#pass.symbol} returned ${code}${meaning ? `: ${meaning}` : ''}`);
  }
}

/** The shape of an output; of a gradient, that of its input, if the call has it. */
function shapeOf(name: string, { dims: { b, hk, g, m, e }, layout }: Case, tensors: Tensors): readonly number[] | undefined {
  if (name === 'lse') return layout === 'thd' ? [hk * g, m] : [b, hk * g, m];
  if (name === 'o') return { bhld: [b, hk * g, m, e], blhd: [b, m, hk * g, e], thd: [m, hk * g, e] }[layout];
  return (tensors[name] ?? tensors[name.slice(1)])?.shape;
}
