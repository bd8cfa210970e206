import { Unavailable } from '../../kernel.js';
import { importNode, nodeEnvironment } from './cpu.js';
import { encodeModel } from './model.js';
import { quiet, type Runtime } from './runtime.js';

const remedy = 'install a Vulkan driver, such as the software one: apt-get install mesa-vulkan-drivers libvulkan1';

/** onnxruntime-node with its WebGPU provider, on the Dawn that it brings along; a node that it would leave to the CPU provider is an error. */
export async function loadWebgpu(): Promise<Runtime> {
  const { ort, proto } = await importNode();
  const runtime: Runtime = {
    ort,
    proto,
    options: { ...quiet, executionProviders: ['webgpu'], extra: { session: { disable_cpu_ep_fallback: '1' } } },
    environment: nodeEnvironment(ort, 'webgpu'),
  };
  await tryDevice(runtime);
  return runtime;
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
    throw new Unavailable(`the WebGPU provider of onnxruntime-node does not start: ${reason}`, remedy);
  }
}
