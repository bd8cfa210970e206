import type { Adapter } from '../../adapter.js';
import { type Kernel, Unavailable } from '../../kernel.js';
import { openDawn } from '../webgpu/dawn.js';
import { tfjsCapabilities } from './capabilities.js';
import { TfjsKernel } from './kernel.js';
import type { Tf } from './operator.js';
import { host, load } from './packages.js';

const backendPackage = '@tensorflow/tfjs-backend-webgpu';
const remedy = `npm install @tensorflow/tfjs ${backendPackage} webgpu`;

export const tfjsWebgpu: Adapter = {
  id: 'tfjs-webgpu',
  title: 'TensorFlow.js, WebGPU backend on Dawn',
  // WGSL lets devices flush subnormals
  capabilities: {
    ...tfjsCapabilities({ flushToZero: true }, { forward: true, backward: true }),
    // its shaders are compiled for ranks, multiples of four and sizes of products
    compilesPer: ['m', 'n', 'd', 'e'],
    device: 'webgpu',
  },
  async open(): Promise<Kernel> {
    const { gpu, environment } = await openDawn();
    const tf = await load<Tf>('@tensorflow/tfjs', remedy);
    const started = await withNavigator({ gpu }, async () => {
      await load(backendPackage, remedy);
      // by default, small tensors stay on the CPU
      tf.env().set('WEBGPU_CPU_FORWARD', false);
      return tf.setBackend('webgpu');
    });
    if (!started) throw new Unavailable('the WebGPU backend of TensorFlow.js does not start', remedy);
    return new TfjsKernel(tf, 'webgpu', { tfjs: tf.version.tfjs, backend: 'webgpu', ...environment, ...host() });
  },
};

/** Runs with a global `navigator`, which the backend needs for import and start. */
async function withNavigator<T>(navigator: object, run: () => Promise<T>): Promise<T> {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  try {
    return await run();
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  }
}
