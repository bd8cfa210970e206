import { contiguous, type Tensor, tensor, transpose } from '../../../spec/tensor/tensor.js';
import type { Adapter, Capabilities } from '../../adapter.js';
import type { Call, Kernel, Outputs } from '../../kernel.js';
import { type Feed, floatType } from './feeds.js';
import type { OneNode, Port } from './model.js';
import type { LoadRuntime, Runtime } from './runtime.js';
import { Sessions } from './sessions.js';

/** What an operator is asked for one call. */
export interface Request extends Pick<OneNode, 'domain' | 'opset' | 'op' | 'integers' | 'floats'> {
  /** In the operator's order; undefined where an optional input is left out. */
  readonly inputs: readonly (readonly [name: string, feed: Feed | undefined])[];
  /** The first is the attention output: [b, h, m, e], or [b, m, h·e] where its rank is 3. */
  readonly outputs: readonly Port[];
}

/** An attention operator of ONNX, whichever provider runs it. */
export interface Operator {
  /** Its domain, name and version. */
  readonly title: string;
  /** As its document and the CPU provider's kernel say. */
  readonly capabilities: Capabilities;
  /** @param masks the masks that are claimed, which travel by name. */
  readonly request: (call: Call, masks: readonly string[]) => Request;
}

/** An operator on one runtime; `differences` are capabilities in which its provider differs from the CPU's. */
export function adapterOf(
  id: string,
  where: string,
  load: LoadRuntime,
  operator: Operator,
  differences: Partial<Capabilities> = {},
): Adapter {
  const capabilities = { ...operator.capabilities, ...differences };
  const { masks = ['full'] } = capabilities;
  return {
    id,
    title: `${where}: ${operator.title}`,
    capabilities,
    open: async () => new OneNodeKernel(await load(), (call) => operator.request(call, masks)),
  };
}

class OneNodeKernel implements Kernel {
  readonly environment: Readonly<Record<string, string>>;
  readonly #runtime: Runtime;
  readonly #sessions: Sessions;
  readonly #request: (call: Call) => Request;

  constructor(runtime: Runtime, request: (call: Call) => Request) {
    this.environment = runtime.environment;
    this.#runtime = runtime;
    this.#sessions = new Sessions(runtime);
    this.#request = request;
  }

  async forward(call: Call): Promise<Outputs> {
    const request = this.#request(call);
    const [output] = request.outputs;
    const session = await this.#sessions.get(nodeOf(request));
    const feeds = Object.fromEntries(request.inputs.flatMap(([name, feed]) => (feed ? [[name, this.#tensor(feed)]] : [])));
    const results = await session.run(feeds, [output.name]);
    return { o: outputOf(call, output, results[output.name].data as Float32Array | Uint16Array) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sessions.release();
  }

  #tensor(feed: Feed) {
    return new this.#runtime.ort.Tensor(feed.type, feed.data as Float32Array, feed.dims);
  }
}

function nodeOf(request: Request): OneNode {
  const inputs = request.inputs.map(([name, feed]) => feed && { name, type: feed.type, rank: feed.dims.length });
  while (inputs.at(-1) === undefined) inputs.pop();
  return { ...request, inputs };
}

/** In the case's layout, contiguous. */
function outputOf({ case: c }: Call, port: Port, data: Float32Array | Uint16Array): Tensor {
  const { b, hk, g, m, e } = c.dims;
  // where the engine has Float16Array, halves come as one; their bits are what we want
  const bits = floatType(c.dtype) === 'float16' ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  if (port.rank === 4) return tensor(c.dtype, [b, hk * g, m, e], bits);
  const sequenceFirst = tensor(c.dtype, [b, m, hk * g, e], bits);
  return c.layout === 'blhd' ? sequenceFirst : contiguous(transpose(sequenceFirst, [0, 2, 1, 3]));
}
