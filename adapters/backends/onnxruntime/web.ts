import { host, importPackages, quiet, type Runtime, threads } from './runtime.js';

const remedy = 'npm install onnxruntime-web onnx-proto';

/** Loads onnxruntime-web with its WebAssembly provider. */
export async function loadWeb(): Promise<Runtime> {
  const { ort, proto } = await importPackages('onnxruntime-web', () => import('onnxruntime-web'), remedy);
  ort.env.wasm.numThreads = threads;
  return {
    ort,
    proto,
    options: { ...quiet, executionProviders: ['wasm'] },
    environment: {
      'onnxruntime-web': ort.env.versions.web ?? ort.env.versions.common,
      provider: 'wasm',
      threads: String(threads),
      ...host(),
    },
  };
}
