import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { isOfTokens } from '../../../spec/operator/layout.js';
import type { TensorData } from '../../../spec/tensor/dtype.js';
import { sizeOf, type Tensor, tensor, tensorOf, transpose, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { Capabilities, Case } from '../../adapter.js';
import type { Call, Kernel, Outputs } from '../../kernel.js';
import { CallNames } from '../manifest/names.js';
import { type Feed, feedOf } from './feeds.js';
import type { Ort } from './runtime.js';
import { type ModelPort, type ModelPorts, modelDTypes } from './user-model-ports.js';

export interface UserModel {
  readonly operator: Operator;
  readonly capabilities: Capabilities;
  readonly outputLayout?: 'bhld' | 'blhd';
}

/** Kernel of a user's model. Inputs that the call lacks get a value without effect. */
export class UserModelKernel implements Kernel {
  private readonly names: CallNames;

  constructor(
    private readonly ort: Ort,
    private readonly session: InferenceSession,
    private readonly ports: ModelPorts,
    private readonly model: UserModel,
    readonly environment: Readonly<Record<string, string>>,
  ) {
    this.names = new CallNames(model.capabilities, [model.operator]);
  }

  async forward({ case: c, tensors }: Call): Promise<Outputs> {
    const feeds: Record<string, OrtTensor> = {};
    for (const port of this.ports.inputs.values()) {
      const isOption = Object.hasOwn(this.model.operator.options ?? {}, port.name);
      const { type, data, dims } = feedFor(port, given(port, tensors[port.name]) ?? this.#absent(port, c));
      feeds[port.name] = new this.ort.Tensor(type, data as Float32Array, isOption ? port.shape.map(() => 1) : dims);
    }
    const results = await this.session.run(feeds, [...this.ports.outputs.keys()]);
    return Object.fromEntries(
      Object.entries(results).map(([name, { data, dims, type }]) => [
        name,
        this.#inLayout(name, outputOf(type, dims, data as TensorData), c),
      ]),
    );
  }

  /** Returns a value for an input that the call lacks; for an option, its number. */
  #absent(port: ModelPort, c: Case): Tensor {
    if (!Object.hasOwn(this.model.operator.options ?? {}, port.name)) return neutral(port, c);
    const number = this.names.valuesIn(c, {}).get(`$${port.name}`) as number;
    return filled(modelDTypes[port.type], [1], number);
  }

  #inLayout(name: string, t: Tensor, { layout }: Case): Tensor {
    const { operator, outputLayout } = this.model;
    if (outputLayout === undefined || outputLayout === layout || !isOfTokens(operator.outputs[name])) return t;
    return transpose(t, [0, 2, 1, 3]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.session.release();
  }
}

/** Converts a tensor to the input's element type; undefined if the call lacks it. */
function given({ type }: ModelPort, t: Tensor | undefined): Tensor | undefined {
  const dtype = modelDTypes[type];
  return t && dtype && t.dtype !== dtype ? tensorOf(dtype, t.shape, valuesOf(t)) : t;
}

/** Converts a tensor to the port's element type, indices to int64 if the model wants them. */
function feedFor({ type }: ModelPort, t: Tensor): Feed {
  const feed = feedOf(t);
  if (type !== 'int64') return feed;
  return { ...feed, type: 'int64', data: BigInt64Array.from(feed.data as Int32Array, BigInt) };
}

function neutral({ name, type, shape }: ModelPort, c: Case): Tensor {
  const { b, hk, g, m, n } = c.dims;
  const heads = hk * g;
  const broadcast = [b, heads, m, n].map((size, at) => (shape[at] === 1 ? 1 : size));
  switch (name) {
    case 'mask':
      return filled('bool', broadcast, 1);
    case 'bias':
      return filled(modelDTypes[type], broadcast, 0);
    case 'alibi':
      return filled(modelDTypes[type], [heads], 0);
    case 'sink':
      return filled(modelDTypes[type], [heads], -Infinity);
    default:
      throw new TypeError(`the case has no tensor "${name}"`);
  }
}

function filled(dtype: Tensor['dtype'], shape: number[], value: number): Tensor {
  return tensorOf(dtype, shape, new Array(sizeOf(shape)).fill(value));
}

function outputOf(type: string, dims: readonly number[], data: TensorData): Tensor {
  // f16 data arrives as Float16Array if the engine has it; tensors hold bits
  const bits = type === 'float16' ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  return tensor(modelDTypes[type], [...dims], bits);
}
