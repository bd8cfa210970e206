import type { Adapter } from './adapter.js';
import type { Checkout } from './backends/checkout.js';
import type { LoadOptions } from './load-options.js';
import { deepspeed, fla, flaForms, magiAttention, megatron, ringAttentionPytorch, tinygrad, yunchang } from './projects.js';

/** Globs of check ids to judge with `--slow`: a few if calls or compilations take long. */
export type SlowChecks = readonly string[];

const everything: SlowChecks = ['**'];
/** Judged only if named by `--adapter`. */
const byNameOnly: SlowChecks = [];
const theUsual: SlowChecks = ['softmax/{full,causal}/**'];

/** Built-in adapter, which imports its backend only on demand. */
export interface BuiltIn {
  readonly title: string;
  /** Present if slow to start or call, or a control: judged by name, or with `--slow`. */
  readonly slow?: SlowChecks;
  /** True for a kernel of this project. Foreign kernels are judged first. */
  readonly ours?: true;
  /** True for a context-parallel scheme: `--slow --profile parallel` judges it too. */
  readonly scheme?: true;
  load(options: LoadOptions): Promise<Adapter>;
}

const reference = () => import('./controls/reference/index.js');
const tfjs = () => import('./backends/tfjs/index.js');
const native = () => import('./backends/native/index.js');
const glue = () => import('./backends/native/glue/index.js');
const onnxruntime = () => import('./backends/onnxruntime/index.js');
const jaxJs = () => import('./backends/jax-js/index.js');
const webgpu = () => import('./backends/webgpu/index.js');
const chromium = () => import('./backends/chromium/index.js');
const python = (id: string, kernel: string, ...modules: string[]): BuiltIn['load'] => {
  return async (options) => (await import('./backends/python/index.js')).loadOwn(id, kernel, { modules }, options);
};
const checkout = (id: string, kernel: string, from: Omit<Checkout, 'prepare'>, ...modules: string[]): BuiltIn['load'] => {
  return async (options) => (await import('./backends/python/index.js')).loadOwn(id, kernel, { modules, checkout: from }, options);
};

/** Built-in adapters by id, in the order of reports. */
export const builtIns: Readonly<Record<string, BuiltIn>> = {
  reference: { ours: true, title: 'Reference loops, online softmax', load: async () => (await reference()).reference },
  'reference-plain': {
    ours: true,
    title: 'Reference loops, unfused',
    slow: everything,
    load: async () => (await reference()).referencePlain,
  },
  'second-form': {
    ours: true,
    title: 'Second forms of the operator documents, each primitive rounded',
    slow: byNameOnly,
    load: async (options) => (await import('./controls/second-form/index.js')).loadSecondForm(options),
  },
  native: { ours: true, title: 'C++ kernel: tiled online softmax, SIMD, OpenMP', load: async () => (await native()).native },
  ggml: { title: 'ggml_flash_attn_ext on the CPU', slow: everything, load: async () => (await glue()).ggml },
  'llm.c': { title: 'llm.c, attention on the CPU', slow: everything, load: async () => (await glue()).llmc },
  'tfjs-cpu': { title: 'TensorFlow.js, CPU backend', load: async () => (await tfjs()).tfjsCpu },
  'tfjs-wasm': { title: 'TensorFlow.js, WebAssembly backend', load: async () => (await tfjs()).tfjsWasm },
  'tfjs-webgpu': { title: 'TensorFlow.js, WebGPU backend on Dawn', slow: theUsual, load: async () => (await tfjs()).tfjsWebgpu },
  'tfjs-webgl': { title: 'TensorFlow.js, WebGL backend in Chromium', slow: theUsual, load: async () => (await tfjs()).tfjsWebgl },
  'tfjs-node': { title: 'TensorFlow.js for Node, CPU', load: async () => (await tfjs()).tfjsNode },
  'tfjs-node-gpu': { title: 'TensorFlow.js for Node, CUDA', load: async () => (await tfjs()).tfjsNodeGpu },
  'jax-js': { title: 'jax-js: nn.dotProductAttention on WebAssembly', slow: theUsual, load: async () => (await jaxJs()).jaxJs },
  'onnxruntime-attention': {
    title: 'ONNX Runtime CPU: ai.onnx Attention 24',
    load: async () => (await onnxruntime()).onnxruntimeAttention,
  },
  'onnxruntime-mha': {
    title: 'ONNX Runtime CPU: com.microsoft MultiHeadAttention',
    load: async () => (await onnxruntime()).onnxruntimeMha,
  },
  'onnxruntime-gqa': {
    title: 'ONNX Runtime CPU: com.microsoft GroupQueryAttention',
    load: async () => (await onnxruntime()).onnxruntimeGqa,
  },
  'onnxruntime-web-attention': {
    title: 'ONNX Runtime Web, WASM: ai.onnx Attention 24',
    load: async () => (await onnxruntime()).onnxruntimeWebAttention,
  },
  'onnxruntime-web-mha': {
    title: 'ONNX Runtime Web, WASM: com.microsoft MultiHeadAttention',
    load: async () => (await onnxruntime()).onnxruntimeWebMha,
  },
  'onnxruntime-web-gqa': {
    title: 'ONNX Runtime Web, WASM: com.microsoft GroupQueryAttention',
    load: async () => (await onnxruntime()).onnxruntimeWebGqa,
  },
  'onnxruntime-webgpu-mha': {
    title: 'ONNX Runtime WebGPU: com.microsoft MultiHeadAttention',
    slow: theUsual,
    load: async () => (await onnxruntime()).onnxruntimeWebgpuMha,
  },
  'onnxruntime-webgpu-gqa': {
    title: 'ONNX Runtime WebGPU: com.microsoft GroupQueryAttention',
    slow: theUsual,
    load: async () => (await onnxruntime()).onnxruntimeWebgpuGqa,
  },
  ...Object.fromEntries(
    [
      ['attention', 'ai.onnx Attention 24'],
      ['mha', 'com.microsoft MultiHeadAttention'],
      ['gqa', 'com.microsoft GroupQueryAttention'],
    ].map(([operator, title]) => {
      const id = `onnxruntime-pypi-${operator}`;
      const load = python(id, `onnxruntime_ops.py:${operator}`, 'onnx', 'onnxruntime');
      return [id, { title: `ONNX Runtime from PyPI: ${title}`, slow: theUsual, load }];
    }),
  ),
  webgpu: {
    ours: true,
    title: 'WGSL on Dawn: tiled flash attention',
    slow: everything,
    load: async () => (await webgpu()).loadWebgpu('webgpu', 'flash'),
  },
  'webgpu-naive': {
    ours: true,
    title: 'WGSL on Dawn: materialised scores',
    slow: everything,
    load: async () => (await webgpu()).loadWebgpu('webgpu-naive', 'naive'),
  },
  'webgpu-split-kv': {
    ours: true,
    title: 'WGSL on Dawn: split-KV decode',
    slow: everything,
    load: async () => (await webgpu()).loadWebgpu('webgpu-split-kv', 'split-kv'),
  },
  'webgpu-chromium': {
    ours: true,
    title: 'WGSL in headless Chromium: tiled flash attention',
    slow: theUsual,
    load: async () => (await chromium()).webgpuChromium('webgpu-chromium', 'flash'),
  },
  ...Object.fromEntries(
    ['attention', 'attention-window', 'attention-small', 'attention-streaming', 'attention-decode'].map((shader) => {
      const id = `doppler-${shader}`;
      const title = `Doppler's shaders, ${shader}`;
      return [id, { title, slow: everything, load: async () => (await import('./backends/wgsl/doppler.js')).doppler(id) }];
    }),
  ),
  ...Object.fromEntries(
    (
      [
        ['pytorch-math', 'PyTorch SDPA, MATH', theUsual, 'pytorch_sdpa.py:math'],
        ['pytorch-flash', 'PyTorch SDPA, FLASH_ATTENTION', theUsual, 'pytorch_sdpa.py:flash'],
        ['pytorch-efficient', 'PyTorch SDPA, EFFICIENT_ATTENTION', everything, 'pytorch_sdpa.py:efficient'],
        ['pytorch-cudnn', 'PyTorch SDPA, CUDNN_ATTENTION', everything, 'pytorch_sdpa.py:cudnn'],
        ['pytorch-flex', 'PyTorch flex_attention', theUsual, 'pytorch_flex.py:flex'],
        ['pytorch-flex-inductor', 'PyTorch flex_attention, compiled by inductor for the CPU', byNameOnly, 'pytorch_flex.py:inductor'],
        ['pytorch-mha', 'PyTorch nn.MultiheadAttention', theUsual, 'pytorch_mha.py:mha'],
        ['pytorch-mha-weights', 'PyTorch nn.MultiheadAttention, with the weights returned', theUsual, 'pytorch_mha.py:mha_weights'],
      ] as const
    ).map(([id, title, slow, kernel]) => [id, { title, slow, load: python(id, kernel, 'torch') }]),
  ),
  'pytorch-window': {
    ours: true,
    title: 'PyTorch, windows by blocks of queries',
    slow: byNameOnly,
    load: python('pytorch-window', 'pytorch_window.py:window', 'torch'),
  },
  'pytorch-operators': {
    ours: true,
    title: 'PyTorch, from the formulas of the operators',
    slow: byNameOnly,
    load: python('pytorch-operators', 'operators/every.py', 'torch'),
  },
  ...Object.fromEntries(
    ['allgather', 'alltoall'].flatMap((exchange) =>
      ['', '-balanced'].map((form) => {
        const id = `pytorch-ring-${exchange}${form}`;
        const how = exchange === 'allgather' ? 'keys gathered' : 'keys by all-to-all';
        const title = `PyTorch ring attention, ${how}${form && ', load-balanced'}`;
        const load = python(id, `pytorch_ring.py:${exchange}${form.replace('-', '_')}`, 'torch');
        return [id, { scheme: true, title, slow: everything, load }];
      }),
    ),
  ),
  ...Object.fromEntries(
    ['local', 'ring', 'lookback', 'striped', 'zigzag', 'tree'].map((which) => {
      const id = `ring-attention-pytorch-${which}`;
      const file = `ring_attention_pytorch_schemes.py:${which === 'striped' ? 'stripes' : which}`;
      const title = `ring-attention-pytorch, ${which}`;
      return [
        id,
        {
          title,
          ...(which !== 'local' && { scheme: true }),
          slow: everything,
          load: checkout(id, file, ringAttentionPytorch, 'torch', 'einops', 'beartype', 'jaxtyping', 'ring_attention_pytorch'),
        },
      ];
    }),
  ),
  ...Object.fromEntries(
    flaForms.map((form) => {
      const load = checkout(`fla-naive-${form}`, `fla_naive.py:${form.replaceAll('-', '_')}`, fla, 'torch', 'einops', 'fla');
      return [`fla-naive-${form}`, { title: `flash-linear-attention, naive ${form}`, slow: everything, load }];
    }),
  ),
  'ring-flash-attn-zigzag': {
    scheme: true,
    title: 'ring-flash-attention, zigzag',
    slow: everything,
    load: python('ring-flash-attn-zigzag', 'ring_flash_attn_zigzag.py:attention', 'torch', 'ring_flash_attn'),
  },
  'yunchang-ulysses': {
    scheme: true,
    title: 'yunchang, Ulysses',
    slow: everything,
    load: python('yunchang-ulysses', 'yunchang_ulysses.py:attention', 'torch', 'yunchang'),
  },
  'yunchang-ulysses-local': {
    scheme: true,
    title: "yunchang, UlyssesAttention around PyTorch's",
    slow: everything,
    load: checkout('yunchang-ulysses-local', 'ulysses_local.py:yunchang', yunchang, 'torch', 'yunchang'),
  },
  ...Object.fromEntries(
    [
      ['', "around PyTorch's"],
      ['-sequence-first', 'sequence first'],
      ['-uneven', 'heads that the ranks do not divide'],
    ].map(([form, what]) => {
      const id = `deepspeed-ulysses${form}-local`;
      const load = checkout(id, `ulysses_local.py:deepspeed${form.replaceAll('-', '_')}`, deepspeed, 'torch', 'einops', 'deepspeed');
      return [id, { scheme: true, title: `DeepSpeed, DistributedAttention${form && ','} ${what}`, slow: everything, load }];
    }),
  ),
  'megatron-ulysses-local': {
    scheme: true,
    title: "Megatron, all-to-all of its context parallelism around PyTorch's",
    slow: everything,
    load: checkout('megatron-ulysses-local', 'ulysses_local.py:megatron', megatron, 'torch', 'einops', 'megatron'),
  },
  'magi-attention': {
    title: 'MagiAttention',
    slow: everything,
    load: python('magi-attention', 'magi_attention_flex.py:attention', 'torch', 'magi_attention'),
  },
  'magi-attention-reference': {
    title: "MagiAttention's reference in PyTorch",
    slow: everything,
    load: checkout('magi-attention-reference', 'magi_attention_reference.py:attention', magiAttention, 'torch', 'einops', 'magi_attention'),
  },
  tinygrad: {
    title: 'tinygrad, scaled_dot_product_attention',
    slow: everything,
    load: checkout('tinygrad', 'tinygrad_sdpa.py:attention', tinygrad, 'tinygrad'),
  },
  jax: { title: 'JAX dot_product_attention, XLA', slow: everything, load: python('jax', 'jax_dot_product.py:attention', 'jax') },
  'flash-attn': {
    title: 'FlashAttention-2',
    slow: everything,
    load: python('flash-attn', 'flash_attn_func.py:attention', 'torch', 'flash_attn'),
  },
  'flash-attn-3': {
    title: 'FlashAttention-3',
    slow: everything,
    load: python('flash-attn-3', 'flash_attn_3.py:attention', 'torch', 'flash_attn_interface'),
  },
  'transformer-engine': {
    title: 'Transformer Engine DotProductAttention',
    slow: everything,
    load: python('transformer-engine', 'transformer_engine_attention.py:attention', 'torch', 'transformer_engine'),
  },
  flashmask: {
    title: 'FlashMask (Paddle)',
    slow: everything,
    load: python('flashmask', 'paddle_flashmask.py:attention', 'torch', 'paddle'),
  },
  'flex-flash-attn': {
    title: "MagiAttention's flex_flash_attn_func (FFA)",
    slow: everything,
    load: python('flex-flash-attn', 'flex_flash_attn.py:attention', 'torch', 'magi_attention'),
  },
  flashinfer: {
    title: 'FlashInfer single prefill',
    slow: everything,
    load: python('flashinfer', 'flashinfer_prefill.py:attention', 'torch', 'flashinfer'),
  },
  'flashinfer-block-sparse': {
    title: 'FlashInfer block-sparse',
    slow: everything,
    load: python('flashinfer-block-sparse', 'flashinfer_block_sparse.py:attention', 'torch', 'flashinfer'),
  },
  vsa: {
    title: 'Video Sparse Attention, block-sparse',
    slow: everything,
    load: python('vsa', 'vsa_block_sparse.py:attention', 'torch', 'vsa'),
  },
};

export function isBuiltIn(source: string): boolean {
  return Object.hasOwn(builtIns, source);
}
