import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { Adapter } from '../../adapter.js';
import { type Kernel, Unavailable } from '../../kernel.js';
import { openPageKernel } from '../chromium/page-kernel.js';
import { tfjsCapabilities } from './capabilities.js';
import { TfjsKernel } from './kernel.js';
import type { Tf } from './operator.js';
import { host, load } from './packages.js';

/** TensorFlow.js's WebGL backend in headless Chromium, from the installed package's script. */
export const tfjsWebgl: Adapter = {
  id: 'tfjs-webgl',
  title: 'TensorFlow.js, WebGL backend in Chromium',
  capabilities: {
    speed: 'slow',
    // GLSL lets devices flush subnormals
    ...tfjsCapabilities({ flushToZero: true }, { forward: true, backward: true }),
    // its shaders are compiled for their operands' shapes
    compilesPer: ['b', 'hk', 'g', 'm', 'n', 'd', 'e'],
    strided: false,
    device: 'webgl-chromium',
  },
  open: () => openPageKernel({ script: 'dist/adapters/backends/tfjs/webgl-page.js', library: library() }),
};

/** @throws {Unavailable} if the package is not installed. */
function library(): string {
  try {
    return join(createRequire(import.meta.url).resolve('@tensorflow/tfjs/package.json'), '../dist/tf.min.js');
  } catch {
    throw new Unavailable('@tensorflow/tfjs is not installed', 'npm install @tensorflow/tfjs');
  }
}

const backendPackage = '@tensorflow/tfjs-backend-wasm';
const remedy = `npm install @tensorflow/tfjs ${backendPackage}`;

export const tfjsWasm: Adapter = {
  id: 'tfjs-wasm',
  title: 'TensorFlow.js, WebAssembly backend',
  // its softmax gives 0 where the exponential is subnormal
  capabilities: tfjsCapabilities({ flushToZero: true }, { forward: true, backward: true }),
  async open(): Promise<Kernel> {
    const tf = await load<Tf>('@tensorflow/tfjs', remedy);
    const wasm = await load<typeof import('@tensorflow/tfjs-backend-wasm')>(backendPackage, remedy);
    const home = dirname(createRequire(import.meta.url).resolve(`${backendPackage}/package.json`));
    wasm.setWasmPaths(join(home, 'dist') + sep);
    if (!(await tf.setBackend('wasm'))) throw new Unavailable('the WebAssembly backend of TensorFlow.js does not start', remedy);
    return new TfjsKernel(tf, 'wasm', {
      tfjs: tf.version.tfjs,
      'tfjs-backend-wasm': wasm.version_wasm,
      backend: 'wasm',
      simd: String(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')),
      threads: String(await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')),
      ...host(),
    });
  },
};

export const tfjsCpu: Adapter = {
  id: 'tfjs-cpu',
  title: 'TensorFlow.js, CPU backend',
  capabilities: tfjsCapabilities({}, { forward: true, backward: true }),
  async open(): Promise<Kernel> {
    const tf = await load<Tf>('@tensorflow/tfjs', 'npm install @tensorflow/tfjs');
    // suppresses its advice on stderr to use tfjs-node
    tf.enableProdMode();
    return new TfjsKernel(tf, 'cpu', { tfjs: tf.version.tfjs, backend: 'cpu', ...host() });
  },
};

export { tfjsNode, tfjsNodeGpu } from './node.js';
export { tfjsWebgpu } from './webgpu.js';
