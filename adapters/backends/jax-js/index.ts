import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import type { Adapter } from '../../adapter.js';
import { type Kernel, Unavailable } from '../../kernel.js';
import type { Jax } from './arrays.js';
import { JaxKernel } from './kernel.js';

const packageName = '@jax-js/jax';
const remedy = `npm install ${packageName}`;

/** jax-js (https://github.com/ekzhang/jax-js): `nn.dotProductAttention` on WebAssembly. */
export const jaxJs: Adapter = {
  id: 'jax-js',
  title: 'jax-js: nn.dotProductAttention on WebAssembly',
  capabilities: {
    dtypes: ['f32', 'f64'],
    operators: ['softmax'],
    masks: ['full', 'causal', 'sliding-window', 'padding'],
    denseMask: 'both',
    denseMaskShapes: ['b h m n', '1 h m n', 'b 1 m n', '1 1 m n', 'b 1 1 n', '1 1 1 n'],
    options: ['scale', 'bias'],
    gradients: ['q', 'k', 'v', 'bias'],
    layouts: ['blhd', 'bhld'],
    limits: { e: '=d' },
    // keyValueSeqLengths are "taken from the beginning of the tensor"
    excludes: [{ mask: { name: 'padding', parameters: { side: 'left' } } }],
    deterministic: { forward: true, backward: true },
    dialect: { causal: 'top-left', emptyOutput: 'nan', maskedNaN: 'leaks' },
    // its exponential gives 0 for results that are subnormal in float32
    numeric: { f32: { accumulate: 'f32', flushToZero: true }, f64: { accumulate: 'f64' } },
    // it compiles a WebAssembly module for every shape
    compilesPer: ['m', 'n', 'd'],
  },
  async open(): Promise<Kernel> {
    const jax = await load();
    await jax.init('wasm');
    jax.defaultDevice('wasm');
    return new JaxKernel(jax, {
      'jax-js': packageVersion(),
      device: 'wasm',
      node: process.version,
      platform: process.platform,
      arch: process.arch,
      cpu: cpus()[0]?.model ?? 'unknown',
    });
  },
};

/** `packageName` is a variable, so that type checks pass without the package. */
async function load(): Promise<Jax> {
  try {
    return (await import(packageName)) as Jax;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code?.endsWith('MODULE_NOT_FOUND') ? 'is not installed' : `does not load: ${message.split('\n')[0]}`;
    throw new Unavailable(`${packageName} ${reason}`, remedy);
  }
}

/** Reads package.json by its path: the package does not export it. */
function packageVersion(): string {
  const main = createRequire(import.meta.url).resolve(packageName);
  return (JSON.parse(readFileSync(join(dirname(main), '..', 'package.json'), 'utf8')) as { version: string }).version;
}
