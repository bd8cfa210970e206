import { evaluateExpression } from '../../../spec/expression/evaluate.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { contiguousData, rowMajor, type Tensor, type Tensors } from '../../../spec/tensor/tensor.js';
import type { NativeManifest, Operator } from '../../../spec/types/documents.js';
import type { Case } from '../../adapter.js';
import { type Call, OutOfMemory } from '../../kernel.js';
import { type GuardedPages, guardedPages } from '../../system/guarded-pages.js';
import type { NativeFunction as Callable, Library } from '../../system/shared-library.js';
import { CallNames, type CallValues } from '../manifest/names.js';
import { inDocumentOrder, outputShape } from '../manifest/tensors.js';
import type { Argument } from './arguments.js';
import { callType, isInteger, storedAs } from './c-type.js';
import { GuardedOutputs, type OutputSpec } from './guarded-outputs.js';
import { dtypeOf } from './names.js';

/** Returns argument values: tensors as data from their first element, or null if absent. */
function valuesOfCall(args: readonly Argument[], c: Case, tensors: Tensors, names: CallNames, operator: Operator | undefined): unknown[] {
  const views: Tensors = {};
  for (const [name, t] of Object.entries(tensors)) views[name] = inDocumentOrder(operator, name, t, c);
  const numbers = names.valuesIn(c, views);
  return args.map((argument) => {
    if (argument.kind === 'number') return numberOf(argument, numbers);
    const view = views[argument.tensor];
    if (view === undefined) return null;
    if (argument.kind === 'input' || argument.kind === 'output') return view.offset === 0 ? view.data : view.data.subarray(view.offset);
    const sizes = argument.kind === 'shape' ? view.shape : stridesOf(argument.tensor, view);
    return argument.type.base === 'int64_t' ? BigInt64Array.from(sizes, BigInt) : Int32Array.from(sizes);
  });
}

function stridesOf(name: string, t: Tensor): number[] {
  const strides = name === 'mask' || name === 'bias' ? rowMajor(t.shape) : t.strides;
  return t.shape.map((size, axis) => (size === 1 ? 0 : strides[axis]));
}

function numberOf({ name, type, value }: Extract<Argument, { kind: 'number' }>, numbers: CallValues): number {
  const number = evaluateExpression(value, (key) => numbers.get(key) as number);
  if (isInteger(type) && !Number.isSafeInteger(number)) throw new TypeError(`the argument ${name} would be ${number}, not an integer`);
  return number;
}

/** Symbol and checked arguments of one pass. */
export interface PassSignature {
  readonly symbol: string;
  readonly arguments: readonly Argument[];
}

interface Declared {
  readonly manifest: NativeManifest;
  readonly operators: readonly Operator[];
}

/** Pass of a library, with one function for each dtype if the symbol contains `{dtype}`. */
export class NativePass {
  readonly #pass: PassSignature;
  readonly #manifest: NativeManifest;
  readonly #operators: readonly Operator[];
  readonly #names: CallNames;
  readonly #functions: ReadonlyMap<DType, Callable>;
  readonly #memory: GuardedOutputs;

  private constructor(
    pass: PassSignature,
    { manifest, operators }: Declared,
    functions: ReadonlyMap<DType, Callable>,
    pages: GuardedPages | undefined,
  ) {
    this.#memory = new GuardedOutputs(pages);
    this.#pass = pass;
    this.#manifest = manifest;
    this.#operators = operators;
    this.#names = new CallNames(manifest.capabilities, operators);
    this.#functions = functions;
  }

  /** @throws {Unavailable} if the library lacks a symbol. */
  static async open(library: Library, pass: PassSignature, declared: Declared): Promise<NativePass> {
    const { manifest } = declared;
    const functions = new Map<DType, Callable>();
    for (const dtype of manifest.capabilities.dtypes) {
      const symbol = pass.symbol.replaceAll('{dtype}', dtype);
      const types = pass.arguments.map(({ type }) => callType(type));
      functions.set(dtype, await library.function({ symbol, result: manifest.returns ?? 'int', arguments: types }));
    }
    return new NativePass(pass, declared, functions, await guardedPages());
  }

  reads(tensor: string): boolean {
    return this.#pass.arguments.some((argument) => argument.kind === 'input' && argument.tensor === tensor);
  }

  /** Returns the outputs. @throws {Intruded} if it wrote outside them. @throws {OutOfMemory} */
  call({ case: c, tensors, prefill = 'nan' }: Call): Tensors {
    const outputs = this.#memory.place(this.#outputs(c, tensors), prefill);
    for (const [name, output] of Object.entries(outputs)) if (tensors[name]) output.data.set(contiguousData(tensors[name]));
    const values = valuesOfCall(this.#pass.arguments, c, { ...tensors, ...outputs }, this.#names, this.#operator(c));
    const code = (this.#functions.get(c.dtype) as Callable)(...values);
    this.#memory.check();
    if (this.#manifest.returns !== 'void' && code !== 0) this.#fail(Number(code));
    return this.#memory.take(outputs);
  }

  #outputs(c: Case, tensors: Tensors): OutputSpec[] {
    const operator = this.#operator(c);
    return this.#pass.arguments.flatMap((argument) => {
      if (argument.kind !== 'output') return [];
      const { tensor: name, type } = argument;
      const shape = outputShape(operator, name, c) ?? (tensors[name] ?? tensors[name.slice(1)])?.shape;
      const exact = type.base === 'void' ? dtypeOf(name, c.dtype, operator) : storedAs(type, c.dtype);
      return shape ? [{ name, dtype: exact, shape }] : [];
    });
  }

  #operator(c: Case): Operator | undefined {
    return this.#operators.find(({ name }) => name === c.operator);
  }

  #fail(code: number): never {
    const meaning = this.#manifest.codes?.[String(code)];
    if (meaning === 'out-of-memory') throw new OutOfMemory(`${this.#pass.symbol} returned ${code}: out of memory`);
    throw new Error(`${this.#pass.symbol} returned ${code}${meaning ? `: ${meaning}` : ''}`);
  }
}
