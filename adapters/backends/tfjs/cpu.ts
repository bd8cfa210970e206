import type { Adapter } from '../../adapter.js';
import type { Kernel } from '../../kernel.js';
import { tfjsCapabilities } from './capabilities.js';
import { TfjsKernel } from './kernel.js';
import type { Tf } from './operator.js';
import { host, load } from './packages.js';

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
