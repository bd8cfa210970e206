import { Unavailable } from '../../kernel.js';
import { driverRemedy, openDawn } from '../webgpu/dawn.js';
import { describeAdapter } from '../webgpu/describe-adapter.js';
import { importNode, nodeEnvironment } from './cpu.js';
import { encodeModel } from './model.js';
import { quiet, type Runtime } from './runtime.js';

/** Loads onnxruntime-node with its WebGPU provider, without fallback to the CPU provider. */
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

/** Opens Dawn first, because the provider picks the process's Vulkan driver only once. */
async function driverOfDawn(): Promise<Record<string, string>> {
  try {
    const { adapter } = await openDawn();
    return describeAdapter(adapter);
  } catch {
    return {};
  }
}

/** Makes a session, because the provider looks for a device with the first session. */
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
    const reason = (error as Error).message.trim().replace(/^.* was false\. /s, '');
    throw new Unavailable(`the WebGPU provider of onnxruntime-node does not start: ${reason}`, driverRemedy);
  }
}
