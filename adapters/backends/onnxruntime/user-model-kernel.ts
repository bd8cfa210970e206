import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { TensorData } from '../../../spec/tensor/dtype.js';
import { sizeOf, type Tensor, tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../adapter.js';
import type { Call, Kernel, Outputs } from '../../kernel.js';
import { feedOf } from './feeds.js';
import type { Ort } from './runtime.js';
import { type ModelPort, type ModelPorts, modelDTypes } from './user-model-ports.js';

/** Kernel of a user's model. If the call lacks the tensor of an input, the input gets a value that has no effect. */
export class UserModelKernel implements Kernel {
  constructor(
    private readonly ort: Ort,
    private readonly session: InferenceSession,
    private readonly ports: ModelPorts,
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  async forward({ case: c, tensors }: Call): Promise<Outputs> {
    const feeds: Record<string, OrtTensor> = {};
    for (const port of this.ports.inputs.values()) {
      const { type, data, dims } = feedOf(given(port, tensors[port.name]) ?? neutral(port, c));
      feeds[port.name] = new this.ort.Tensor(type, data as Float32Array, port.name === 'scale' ? port.shape.map(() => 1) : dims);
    }
    const results = await this.session.run(feeds, [...this.ports.outputs.keys()]);
    return Object.fromEntries(
      Object.entries(results).map(([name, { data, dims, type }]) => [name, outputOf(type, dims, data as TensorData)]),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.session.release();
  }
}

/** Converts a tensor of the call to the element type of the input; undefined if the call lacks it. */
function given({ type }: ModelPort, t: Tensor | undefined): Tensor | undefined {
  const dtype = modelDTypes[type];
  return t && dtype && t.dtype !== dtype ? tensorOf(dtype, t.shape, valuesOf(t)) : t;
}

/** Returns the value of an input whose tensor the call lacks: one without effect; for `scale` the case's number, or 1/√d by default. */
function neutral({ name, type, shape }: ModelPort, c: Case): Tensor {
  const { b, hk, g, m, n, d } = c.dims;
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
    case 'scale':
      return filled(modelDTypes[type], [1], typeof c.options.scale === 'number' ? c.options.scale : 1 / Math.sqrt(d));
    default:
      throw new TypeError(`the case has no tensor "${name}"`);
  }
}

function filled(dtype: Tensor['dtype'], shape: number[], value: number): Tensor {
  return tensorOf(dtype, shape, new Array(sizeOf(shape)).fill(value));
}

function outputOf(type: string, dims: readonly number[], data: TensorData): Tensor {
  // if the engine has Float16Array, f16 data arrives as one; we need its bits
  const bits = type === 'float16' ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  return tensor(modelDTypes[type], [...dims], bits);
}
