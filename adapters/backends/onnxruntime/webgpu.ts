import { Unavailable } from '../../kernel.js';
import { driverRemedy, openDawn } from '../webgpu/dawn.js';
import { describeAdapter } from '../webgpu/describe-adapter.js';
import { importNode, nodeEnvironment } from './cpu.js';
import { encodeModel } from './model.js';
import { quiet, type Runtime } from './runtime.js';

/** onnxruntime-node with its WebGPU provider, on the Dawn that it brings along; a node that it would leave to the CPU provider is an error. */
export async function loadWebgpu(): Promise<Runtime> {
  const { ort, proto } = await importNode();
  const driver = await driverOfDawn();
  const runtime: Runtime = {
    ort,
    proto,
    options: { ...quiet, executionProviders: ['webgpu'], extra: { session: { disable_cpu_ep_fallback: '1' } } },
    environment: { ...nodeEnvironment(ort, 'webgpu'), ...driver },
  };
  await tryDevice(runtime);
  return runtime;
}

/**
 * Has the package webgpu, where it is installed, choose the Vulkan driver of this process: the provider looks once, and never again.
 * Returns the description of the device that both find.
 */
async function driverOfDawn(): Promise<Record<string, string>> {
  try {
    const { adapter } = await openDawn();
    return describeAdapter(adapter);
  } catch {
    return {};
  }
}

/** The provider looks for a device when the first session is made. */
async function tryDevice({ ort, proto, options }: Runtime): Promise<void> {
  const port = { name: 'x', type: 'float32', rank: 1 } as const;
  const model = encodeModel(proto, {
    domain: '',
    opset: 13,
    op: 'Neg',
    integers: {},
    floats: {},
    inputs: [port],
    outputs: [{ ...port, name: 'y' }],
  });
  try {
    const session = await ort.InferenceSession.create(model, options);
    await session.run({ x: new ort.Tensor('float32', new Float32Array(1), [1]) });
    await session.release();
  } catch (error) {
    // what comes before is the condition and line of its source
    const reason = (error as Error).message.trim().replace(/^.* was false\. /s, '');
    throw new Unavailable(`the WebGPU provider of onnxruntime-node does not start: ${reason}`, driverRemedy);
  }
}
