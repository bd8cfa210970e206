import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { Adapter } from '../../adapter.js';
import { type Kernel, Unavailable } from '../../kernel.js';
import { tfjsCapabilities } from './capabilities.js';
import { TfjsKernel } from './kernel.js';
import type { Tf } from './operator.js';
import { host, load } from './packages.js';

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
