import type { InferenceSession } from 'onnxruntime-node';
import { contiguous, type Tensor, tensor, transpose } from '../../../spec/tensor/tensor.js';
import type { Adapter, Capabilities } from '../../adapter.js';
import type { Call, Kernel, Outputs } from '../../kernel.js';
import { type Feed, floatType } from './feeds.js';
import { encodeModel, type OneNode, type Port } from './model.js';
import type { LoadRuntime, Runtime } from './runtime.js';

/** Maximum number of sessions; the least recently used are released. */
const kept = 64;

/** Sessions by model. Their shapes are open, so that one session serves every shape. */
class Sessions {
  readonly #runtime: Runtime;
  readonly #sessions = new Map<string, InferenceSession>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  async get(node: OneNode): Promise<InferenceSession> {
    const key = JSON.stringify(node);
    let session = this.#sessions.get(key);
    if (session) this.#sessions.delete(key);
    else session = await this.#create(node);
    this.#sessions.set(key, session);
    if (this.#sessions.size > kept) await this.#drop();
    return session;
  }

  async release(): Promise<void> {
    while (this.#sessions.size > 0) await this.#drop();
  }

  #create(node: OneNode): Promise<InferenceSession> {
    return this.#runtime.ort.InferenceSession.create(encodeModel(this.#runtime.proto, node), this.#runtime.options);
  }

  async #drop(): Promise<void> {
    const [key, session] = this.#sessions.entries().next().value as [string, InferenceSession];
    this.#sessions.delete(key);
    await session.release();
  }
}

/** Operator node of one call. */
export interface Request extends Pick<OneNode, 'domain' | 'opset' | 'op' | 'integers' | 'floats'> {
  /** Inputs in the operator's order; the feed is undefined for an omitted input. */
  readonly inputs: readonly (readonly [name: string, feed: Feed | undefined])[];
  /** Outputs; the first is the attention output: [b, h, m, e], or [b, m, h·e] if its rank is 3. */
  readonly outputs: readonly Port[];
}

/** Attention operator of ONNX, for any provider. */
export interface Operator {
  readonly title: string;
  /** Capabilities of the CPU provider's kernel. */
  readonly capabilities: Capabilities;
  /** @param masks claimed masks, which are passed by name instead of as tensors. */
  readonly request: (call: Call, masks: readonly string[]) => Request;
}

/** Makes an operator's adapter; `differences` override the CPU provider's capabilities. */
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

function outputOf({ case: c }: Call, port: Port, data: Float32Array | Uint16Array): Tensor {
  const { b, hk, g, m, e } = c.dims;
  // f16 data arrives as Float16Array if the engine has it; tensors hold bits
  const bits = floatType(c.dtype) === 'float16' ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  if (port.rank === 4) return tensor(c.dtype, [b, hk * g, m, e], bits);
  const sequenceFirst = tensor(c.dtype, [b, m, hk * g, e], bits);
  return c.layout === 'blhd' ? sequenceFirst : contiguous(transpose(sequenceFirst, [0, 2, 1, 3]));
}
