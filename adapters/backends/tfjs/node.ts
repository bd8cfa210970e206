import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Adapter, Capabilities } from '../../adapter.js';
import { type Kernel, Unavailable } from '../../kernel.js';
import { tfjsCapabilities } from './capabilities.js';
import { TfjsKernel } from './kernel.js';
import type { Tf } from './operator.js';
import { host, load } from './packages.js';

interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version?: string };
}

type NativeTf = Tf & { readonly version: { readonly 'tfjs-node'?: string } };

// TensorFlow's threads flush subnormals to zero
const cpuNumeric = { flushToZero: true } as const;
// its matrix products are in TF32 if the device has it
const gpuNumeric = { flushToZero: true, products: 'tf32' } as const;

export const tfjsNode = nativeAdapter({
  id: 'tfjs-node',
  title: 'TensorFlow.js for Node, CPU',
  packageName: '@tensorflow/tfjs-node',
  gpu: false,
  capabilities: tfjsCapabilities(cpuNumeric, { forward: true, backward: false }),
});

export const tfjsNodeGpu = nativeAdapter({
  id: 'tfjs-node-gpu',
  title: 'TensorFlow.js for Node, CUDA',
  packageName: '@tensorflow/tfjs-node-gpu',
  gpu: true,
  capabilities: { ...tfjsCapabilities(gpuNumeric, { forward: true, backward: false }), device: 'cuda' },
});

interface NativeOptions {
  readonly id: string;
  readonly title: string;
  readonly packageName: string;
  readonly gpu: boolean;
  readonly capabilities: Capabilities;
}

/** Makes an adapter of a native package, an optional peer dependency. */
export function nativeAdapter({ id, title, packageName, gpu, capabilities }: NativeOptions): Adapter {
  return {
    id,
    title,
    capabilities,
    async open(): Promise<Kernel> {
      const tf = await load<NativeTf>(packageName, `npm install ${packageName}`);
      if (!(await tf.setBackend('tensorflow')))
        throw new Unavailable(`${packageName} has no TensorFlow backend`, `npm rebuild ${packageName}`);
      const backend = tf.backend() as unknown as NativeBackend;
      if (gpu && !backend.isUsingGpuDevice) {
        throw new Unavailable(
          'TensorFlow finds no CUDA device',
          'install an NVIDIA driver, CUDA 11 and cuDNN 8, and check them with nvidia-smi',
        );
      }
      return new TfjsKernel(tf, 'tensorflow', {
        'tfjs-node': tf.version['tfjs-node'] ?? tf.version.tfjs,
        tensorflow: backend.binding.TF_Version ?? 'unknown',
        backend: 'tensorflow',
        device: gpu ? await cudaDevices() : 'cpu',
        ...host(),
      });
    },
  };
}

/** Returns name, driver version and compute capability of each device, by nvidia-smi. */
async function cudaDevices(): Promise<string> {
  try {
    const query = ['--query-gpu=name,driver_version,compute_cap', '--format=csv,noheader'];
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 10_000 });
    return stdout.trim().split('\n').join('; ');
  } catch {
    return 'CUDA (nvidia-smi does not answer)';
  }
}
