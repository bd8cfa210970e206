import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Adapter } from '../../adapter.js';
import { Unavailable } from '../../kernel.js';
import { openPageKernel } from '../chromium/page-kernel.js';
import { tfjsCapabilities } from './capabilities.js';

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
