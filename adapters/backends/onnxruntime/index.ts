import type { Capabilities } from '../../adapter.js';
import { attention } from './attention.js';
import { loadCpu } from './cpu.js';
import { groupQueryAttention } from './group-query-attention.js';
import { adapterOf } from './kernel.js';
import { multiHeadAttention } from './multi-head-attention.js';
import { host, importPackages, quiet, type Runtime, threads } from './runtime.js';
import { loadWebgpu } from './webgpu.js';

const remedy = 'npm install onnxruntime-web onnx-proto';

/** Loads onnxruntime-web with its WebAssembly provider. */
async function loadWeb(): Promise<Runtime> {
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

export const onnxruntimeAttention = adapterOf('onnxruntime-attention', 'ONNX Runtime CPU', loadCpu, attention, {
  // arm64 multiplies f16 matrices in f16
  ...(process.arch === 'arm64' && {
    numeric: { f32: { accumulate: 'f32' }, f16: { accumulate: 'f16', scores: 'storage', probabilities: 'storage' } },
  }),
});
export const onnxruntimeMha = adapterOf('onnxruntime-mha', 'ONNX Runtime CPU', loadCpu, multiHeadAttention);
export const onnxruntimeGqa = adapterOf('onnxruntime-gqa', 'ONNX Runtime CPU', loadCpu, groupQueryAttention);

const web = (id: string, operator: typeof attention) => {
  const { numeric } = operator.capabilities;
  const f32 = { ...(numeric && 'f32' in numeric ? numeric.f32 : numeric), flushToZero: true };
  // its float32 exponential is 0 for results that would be subnormal
  return adapterOf(id, 'ONNX Runtime Web, WASM', loadWeb, operator, { numeric: numeric && 'f16' in numeric ? { ...numeric, f32 } : f32 });
};
export const onnxruntimeWebAttention = web('onnxruntime-web-attention', attention);
export const onnxruntimeWebMha = web('onnxruntime-web-mha', multiHeadAttention);
export const onnxruntimeWebGqa = web('onnxruntime-web-gqa', groupQueryAttention);

/** WGSL allows flushing subnormals (https://www.w3.org/TR/WGSL/#floating-point-accuracy). */
const flushes = ({ capabilities: { numeric } }: typeof attention) => ({ ...numeric, flushToZero: true }) as Capabilities['numeric'];

// the provider has no kernel for ai.onnx Attention
export const onnxruntimeWebgpuMha = adapterOf('onnxruntime-webgpu-mha', 'ONNX Runtime WebGPU', loadWebgpu, multiHeadAttention, {
  dtypes: ['f32'],
  // "Unidirectional MHA does not support webgpu kernel", "key_padding_mask not implemented"
  masks: ['full'],
  denseMask: 'additive',
  numeric: flushes(multiHeadAttention),
  dialect: { emptyOutput: 'mean', maskedNaN: 'leaks' },
  compilesPer: ['m', 'n', 'd', 'e'],
  device: 'webgpu',
});
export const onnxruntimeWebgpuGqa = adapterOf('onnxruntime-webgpu-gqa', 'ONNX Runtime WebGPU', loadWebgpu, groupQueryAttention, {
  dtypes: ['f32'],
  // "causal=0 is not implemented"
  masks: ['causal'],
  denseMask: false,
  numeric: flushes(groupQueryAttention),
  compilesPer: ['n', 'd'],
  device: 'webgpu',
});
