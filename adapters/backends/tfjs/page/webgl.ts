import { type Kernel, Unavailable } from '../../../kernel.js';
import { serve } from '../../chromium/page/serve.js';
import { TfjsKernel } from '../kernel.js';
import type { Tf } from '../operator.js';

interface WebglBackend {
  readonly gpgpu?: { readonly gl: Context };
}

/** Fields of a WebGL context; this file is checked without the types of browsers. */
interface Context {
  getExtension(name: 'WEBGL_debug_renderer_info'): { readonly UNMASKED_RENDERER_WEBGL: number } | null;
  getParameter(name: number): unknown;
}

const { tf, navigator } = globalThis as unknown as { tf: Tf; navigator: { userAgent: string } };

async function open(): Promise<Kernel> {
  const env = tf.env();
  // by default, small tensors stay on the CPU
  env.set('WEBGL_CPU_FORWARD', false);
  if (!(await tf.setBackend('webgl'))) throw new Unavailable('this browser has no WebGL', 'a browser with WebGL 2 and a GPU driver');
  const gl = (tf.backend() as unknown as WebglBackend).gpgpu?.gl;
  const names = gl?.getExtension('WEBGL_debug_renderer_info');
  return new TfjsKernel(tf, 'webgl', {
    tfjs: tf.version.tfjs,
    backend: 'webgl',
    browser: navigator.userAgent,
    webgl: String(env.getNumber('WEBGL_VERSION')),
    renderer: String((names && gl?.getParameter(names.UNMASKED_RENDERER_WEBGL)) ?? 'unknown'),
    // without it results are in half precision
    float32: String(env.getBool('WEBGL_RENDER_FLOAT32_ENABLED')),
  });
}

await serve(open);
