import type { Adapter } from './adapter.js';
import type { LoadOptions } from './load-options.js';
import { loadEntry } from './project/load.js';
import { type Entry, entries, versionedOf } from './project/projects.js';

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
const onnxruntime = () => import('./backends/onnxruntime/index.js');
const jaxJs = () => import('./backends/jax-js/index.js');
const webgpu = () => import('./backends/webgpu/index.js');
const chromium = () => import('./backends/chromium/index.js');
const ownPython = (id: string, kernel: string): BuiltIn['load'] => {
  return async (options) => (await import('./backends/python/index.js')).loadOwn(id, kernel, ['torch'], options);
};
const judged = { all: everything, usual: theUsual, 'by name': byNameOnly } as const;

/** Kernel of a project, by default of the version that its document names. */
function ofProject(entry: Entry, version?: string): BuiltIn {
  return {
    title: entry.title,
    slow: judged[entry.judged ?? 'all'],
    ...(entry.scheme && { scheme: true }),
    load: (options) => loadEntry(entry, version, options, () => false),
  };
}

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
  'pytorch-window': {
    ours: true,
    title: 'PyTorch, windows by blocks of queries',
    slow: byNameOnly,
    load: ownPython('pytorch-window', 'pytorch_window.py:window'),
  },
  'pytorch-operators': {
    ours: true,
    title: 'PyTorch, from the formulas of the operators',
    slow: byNameOnly,
    load: ownPython('pytorch-operators', 'operators/every.py'),
  },
  ...Object.fromEntries(entries().map((entry) => [entry.id, ofProject(entry)])),
};

/** Returns a built-in adapter by its id, or that of a project's version: `tinygrad@0.13.0`. */
export function builtIn(source: string): BuiltIn | undefined {
  if (Object.hasOwn(builtIns, source)) return builtIns[source];
  const { name, version } = versionedOf(source);
  const entry = version === undefined ? undefined : entries().find(({ id }) => id === name);
  return entry && ofProject(entry, version);
}

export function isBuiltIn(source: string): boolean {
  return builtIn(source) !== undefined;
}
