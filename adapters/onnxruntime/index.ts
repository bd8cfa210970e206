import { attention } from './attention.js';
import { loadCpu } from './cpu.js';
import { groupQueryAttention } from './group-query-attention.js';
import { adapterOf } from './kernel.js';
import { multiHeadAttention } from './multi-head-attention.js';
import { loadWeb } from './web.js';
import { loadWebgpu } from './webgpu.js';

export const onnxruntimeAttention = adapterOf('onnxruntime-attention', 'ONNX Runtime CPU', loadCpu, attention, {
  // arm64 multiplies matrices of halves in halves
  ...(process.arch === 'arm64' && {
    numeric: { f32: { accumulate: 'f32' }, f16: { accumulate: 'f16', scores: 'storage', probabilities: 'storage' } },
  }),
});
export const onnxruntimeMha = adapterOf('onnxruntime-mha', 'ONNX Runtime CPU', loadCpu, multiHeadAttention);
export const onnxruntimeGqa = adapterOf('onnxruntime-gqa', 'ONNX Runtime CPU', loadCpu, groupQueryAttention);

export const onnxruntimeWebAttention = adapterOf('onnxruntime-web-attention', 'ONNX Runtime Web, WASM', loadWeb, attention);
export const onnxruntimeWebMha = adapterOf('onnxruntime-web-mha', 'ONNX Runtime Web, WASM', loadWeb, multiHeadAttention);
export const onnxruntimeWebGqa = adapterOf('onnxruntime-web-gqa', 'ONNX Runtime Web, WASM', loadWeb, groupQueryAttention);

// the provider has no kernel for ai.onnx Attention
export const onnxruntimeWebgpuMha = adapterOf('onnxruntime-webgpu-mha', 'ONNX Runtime WebGPU', loadWebgpu, multiHeadAttention, {
  dtypes: ['f32'],
  // "Unidirectional MHA does not support webgpu kernel", "key_padding_mask not implemented": what remains is the bias
  masks: ['full'],
  denseMask: 'additive',
  dialect: { emptyOutput: 'mean', maskedNaN: 'leaks' },
  compilesPer: ['m', 'n', 'd', 'e'],
  device: 'webgpu',
});
export const onnxruntimeWebgpuGqa = adapterOf('onnxruntime-webgpu-gqa', 'ONNX Runtime WebGPU', loadWebgpu, groupQueryAttention, {
  dtypes: ['f32'],
  // "causal=0 is not implemented", so there is no mask but the causal one
  masks: ['causal'],
  denseMask: false,
  compilesPer: ['n', 'd'],
  device: 'webgpu',
});
